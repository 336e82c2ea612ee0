//! A telephone number as the world dials it.

use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

/// A telephone number that can exist, in E.164 (R47).
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// Parses what was typed: a plus, the country code and the number, with any punctuation.
    ///
    /// # Errors
    /// The sentence beside the field.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let shown: String = text.chars().take(40).collect();
        if text.is_empty() {
            return Err("Enter a telephone number with its country code, like +14155552671.".into());
        }
        if is_rounded(text) {
            return Err(format!(
                "{shown} was rounded by a spreadsheet, so digits are missing. Format the column as text and enter the number again."
            ));
        }
        let bare = text.strip_prefix('\'').unwrap_or(text);
        if !bare.starts_with(['+', '＋']) {
            return Err(format!("{shown} lacks its country code. Start with a plus, like +14155552671."));
        }
        // An extension would be dropped without a word, and letters on a keypad are for people.
        let odd = |c: char| !(c.is_numeric() || c.is_whitespace() || "+＋-‐‑–—.()/\u{a0}\u{200e}\u{202a}\u{202c}".contains(c));
        let parsed = if bare.len() > 64 || bare.chars().any(odd) { None } else { PHONE_NUMBER_UTIL.parse(bare, None).ok() };
        match parsed.filter(|number| PHONE_NUMBER_UTIL.is_valid_number(number)) {
            Some(number) => Ok(PhoneNumber(PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::E164).into_owned())),
            None => Err(format!("{shown} is not a telephone number. Check its digits; it looks like +14155552671.")),
        }
    }

    /// A number that was parsed before it was stored.
    pub fn from_column(e164: String) -> Self {
        PhoneNumber(e164)
    }

    /// In E.164, like `+14155552671`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it abroad, like `+1 415-555-2671`.
    pub fn international(&self) -> String {
        match PHONE_NUMBER_UTIL.parse(&self.0, None) {
            Ok(number) => PHONE_NUMBER_UTIL.format(&number, PhoneNumberFormat::International).into_owned(),
            Err(_) => self.0.clone(),
        }
    }

    /// The two letters of the country it belongs to; nothing for numbers of no country.
    pub fn region(&self) -> String {
        let region = PHONE_NUMBER_UTIL.parse(&self.0, None).ok().and_then(|number| PHONE_NUMBER_UTIL.get_region_for_number(&number));
        region.map(|region| region.to_string()).filter(|region| region.len() == 2).unwrap_or_default()
    }
}

/// Spreadsheets write long numbers as `4.4E+11`, and with them lose digits (R28).
fn is_rounded(text: &str) -> bool {
    let Some((mantissa, power)) = text.trim_start_matches(['\'', '+']).split_once(['E', 'e']) else { return false };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    digits(&mantissa.replace(['.', ','], "")) && digits(power.trim_start_matches(['+', '-']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r47_numbers_are_kept_in_e164_and_shown_internationally() {
        for (typed, e164, international, region) in [
            ("+1 (415) 555-2671", "+14155552671", "+1 415-555-2671", "US"),
            (" +44 20 7946 0958 ", "+442079460958", "+44 20 7946 0958", "GB"),
            ("'+49 30 901820", "+4930901820", "+49 30 901820", "DE"),
            ("＋４４２０７９４６０９５８", "+442079460958", "+44 20 7946 0958", "GB"),
        ] {
            let number = PhoneNumber::parse(typed).unwrap();
            assert_eq!((number.as_str(), number.international().as_str(), number.region().as_str()), (e164, international, region));
        }
    }

    #[test]
    fn r47_what_is_no_number_gets_its_own_sentence() {
        for (typed, sentence) in [
            ("", "Enter a telephone number"),
            ("4.4E+11", "rounded by a spreadsheet"),
            ("4,4e+11", "rounded by a spreadsheet"),
            ("415 555 2671", "lacks its country code"),
            ("+1 415", "is not a telephone number"),
            ("+999 1234567890", "is not a telephone number"),
            ("+1 415 555 2671 ext 5", "is not a telephone number"),
            ("+1-800-FLOWERS", "is not a telephone number"),
            ("hello", "lacks its country code"),
            ("+14155552671+14155552671", "is not a telephone number"),
        ] {
            let error = PhoneNumber::parse(typed).unwrap_err();
            assert!(error.contains(sentence), "{typed}: {error}");
        }
    }
}
