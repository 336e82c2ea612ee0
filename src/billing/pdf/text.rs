//! Text for the fonts that every PDF reader has: their characters, and how wide they are.

use unicode_normalization::UnicodeNormalization;

/// Widths of Helvetica's characters from space to tilde, in thousandths of the font's size, as Adobe publishes them.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584,
    584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667,
    611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500,
    722, 500, 500, 500, 334, 260, 334, 584,
];

/// `text` in WinAnsi, the encoding of those fonts. What it does not have is spelt in Latin letters.
pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for letter in text.nfc().filter(|letter| !letter.is_control()) {
        let mut held = [0; 4];
        let (encoded, _, unknown) = encoding_rs::WINDOWS_1252.encode(letter.encode_utf8(&mut held));
        match unknown {
            false => bytes.extend_from_slice(&encoded),
            true => bytes.extend_from_slice(deunicode::deunicode_char(letter).unwrap_or("?").as_bytes()),
        }
    }
    bytes
}

/// How wide `text` is at this size; of accented letters as wide as without their accent, as they are.
pub(super) fn width(text: &str, size: f32) -> f32 {
    let of = |byte: u8| WIDTHS.get(usize::from(byte).wrapping_sub(32)).copied().unwrap_or(556);
    let thousandths: u32 = deunicode::deunicode(&text.nfc().collect::<String>()).bytes().map(|byte| u32::from(of(byte))).sum();
    thousandths as f32 * size / 1000.0
}

/// `text` in lines that are no wider than `most`: broken between words, and within one that is wider by itself.
pub(super) fn wrap(text: &str, size: f32, most: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last().map_or("", String::as_str);
        if !line.is_empty() && width(line, size) + width(" ", size) + width(word, size) > most {
            lines.push(String::new());
        } else if !line.is_empty() {
            push(&mut lines, ' ');
        }
        for letter in word.chars() {
            let line = lines.last().map_or("", String::as_str);
            if !line.is_empty() && width(line, size) + width(letter.encode_utf8(&mut [0; 4]), size) > most {
                lines.push(String::new());
            }
            push(&mut lines, letter);
        }
    }
    lines
}

fn push(lines: &mut [String], letter: char) {
    if let Some(line) = lines.last_mut() {
        line.push(letter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_winansi_has_stays_and_the_rest_is_spelt_in_latin() {
        let text = |typed: &str| encoding_rs::WINDOWS_1252.decode(&encode(typed)).0.into_owned();
        for (typed, kept) in [
            ("Zoë Müller × €5 – “x”", "Zoë Müller × €5 – “x”"),
            ("Zoe\u{308}", "Zoë"),
            ("Łukasz Żółć", "Lukasz Zólc"),
            ("Дана", "Dana"),
            ("a\u{0}\n\u{9d}b", "ab"),
            ("−1", "-1"),
        ] {
            assert_eq!(text(typed), kept, "{typed:?}");
        }
        assert!(encode("王伟 🎉").iter().all(u8::is_ascii));
    }

    #[test]
    fn amounts_are_as_wide_as_helvetica_writes_them() {
        assert!((width("$14.50", 10.0) - 30.58).abs() < 0.001);
        assert!((width("é", 10.0) - width("e", 10.0)).abs() < 0.001);
    }

    #[test]
    fn lines_break_between_words_and_within_those_that_are_too_wide() {
        assert_eq!(wrap("Dana Silva accepted", 10.0, 60.0), ["Dana Silva", "accepted"]);
        assert_eq!(wrap("aaaaaaaa", 10.0, 23.0), ["aaaa", "aaaa"]);
        assert_eq!(wrap("", 10.0, 23.0), [""]);
    }
}
