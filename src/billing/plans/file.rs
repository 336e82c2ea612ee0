//! Reading a plans file (R31): the first mistake gets a sentence with its line and what to write instead.

use std::ops::Range;

use rust_decimal::Decimal;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::Plan;
use crate::members::is_hidden;

const KEYS: &str = "word, name, price, yearly_price, seats_min, seats_max, supervisor";
const MOST: i64 = 1_000_000;

/// What is wrong, and where in the text.
struct Mistake {
    at: usize,
    sentence: String,
}

/// A value and where it stands.
type Found<T> = Option<(T, usize)>;

fn wrong<T>(at: Range<usize>, sentence: impl Into<String>) -> Result<T, Mistake> {
    Err(Mistake { at: at.start, sentence: sentence.into() })
}

fn line_of(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

/// The plans of a file.
pub(super) fn read(text: &str) -> Result<Vec<Plan>, String> {
    let told = |mistake: Mistake| format!("line {}: {}", line_of(text, mistake.at), mistake.sentence);
    let mut plans: Vec<(Plan, usize)> = Vec::new();
    for table in tables(text).map_err(told)? {
        let plan = plan(table.get_ref(), table.span()).map_err(|mistake| told(named(table.get_ref(), mistake)))?;
        let line = line_of(text, table.span().start);
        let same = |what: &str, said: &str, first: usize| {
            format!("line {line}: there are two plans of the {what} {said:?}, the first on line {first}; give each its own.")
        };
        if let Some((_, first)) = plans.iter().find(|(earlier, _)| earlier.word == plan.word) {
            return Err(same("word", &plan.word, *first));
        }
        if let Some((_, first)) = plans.iter().find(|(earlier, _)| earlier.name.to_lowercase() == plan.name.to_lowercase()) {
            return Err(same("name", &plan.name, *first));
        }
        plans.push((plan, line));
    }
    Ok(plans.into_iter().map(|(plan, _)| plan).collect())
}

/// The `[[plan]]` tables in the file's order.
fn tables(text: &str) -> Result<Vec<Spanned<DeTable<'_>>>, Mistake> {
    let file = DeTable::parse(text).or_else(|e| {
        let said = e.message().split_whitespace().collect::<Vec<_>>().join(" ");
        wrong(e.span().unwrap_or_default(), format!("this is not TOML: {said}."))
    })?;
    let mut found = Vec::new();
    for (key, value) in file.into_inner() {
        let at = value.span();
        match value.into_inner() {
            _ if key.get_ref() != "plan" => {
                return wrong(key.span(), format!("{:?} is unknown; a plans file has [[plan]] tables only.", key.get_ref()));
            }
            DeValue::Array(list) => {
                for item in list {
                    let at = item.span();
                    match item.into_inner() {
                        DeValue::Table(table) => found.push(Spanned::new(at, table)),
                        _ => return wrong(at, "a plan is a table; write [[plan]] and its keys below."),
                    }
                }
            }
            _ => return wrong(at, "plans are a list; write [[plan]], with two brackets."),
        }
    }
    if found.is_empty() { wrong(0..0, "there is no plan; write at least one [[plan]].") } else { Ok(found) }
}

/// The mistake with the word of the plan that it is in.
fn named(table: &DeTable<'_>, mistake: Mistake) -> Mistake {
    let word = table.iter().find(|(key, _)| key.get_ref() == "word").and_then(|(_, value)| value.get_ref().as_str());
    let sentence = word.map_or_else(|| mistake.sentence.clone(), |word| format!("plan {word:?}: {}", mistake.sentence));
    Mistake { sentence, ..mistake }
}

fn plan(table: &DeTable<'_>, whole: Range<usize>) -> Result<Plan, Mistake> {
    let (mut word, mut name, mut supervisor) = (None, None, None);
    let (mut price, mut yearly_price): (Found<Decimal>, Found<Decimal>) = (None, None);
    let (mut seats_min, mut seats_max): (Found<u32>, Found<u32>) = (None, None);
    let mut pairs: Vec<_> = table.iter().collect();
    pairs.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in pairs {
        let at = value.span().start;
        match key.get_ref().as_ref() {
            "word" => word = Some(a_word(value)?),
            "name" => name = Some(a_name(value)?),
            "price" => price = Some((a_price("price", value)?, at)),
            "yearly_price" => yearly_price = Some((a_price("yearly_price", value)?, at)),
            "seats_min" => seats_min = Some((seats("seats_min", value)?, at)),
            "seats_max" => seats_max = Some((seats("seats_max", value)?, at)),
            "supervisor" => match value.get_ref() {
                DeValue::Boolean(has) => supervisor = Some(*has),
                _ => return wrong(value.span(), "its supervisor must be true or false."),
            },
            unknown => return wrong(key.span(), format!("{unknown:?} is no key of a plan; the keys are {KEYS}.")),
        }
    }
    let missing = |key: &str, like: &str| Mistake { at: whole.start, sentence: format!("it has no {key}; write one, like {key} = {like}.") };
    let plan = Plan {
        word: word.ok_or_else(|| missing("word", "\"team\""))?,
        name: name.ok_or_else(|| missing("name", "\"Team\""))?,
        price: price.ok_or_else(|| missing("price", "\"29.00\""))?.0,
        yearly_price: yearly_price.map(|(price, _)| price),
        seats_min: seats_min.ok_or_else(|| missing("seats_min", "2"))?.0,
        seats_max: seats_max.map(|(seats, _)| seats),
        supervisor: supervisor.unwrap_or(false),
    };
    match seats_max {
        Some((max, at)) if max < plan.seats_min => {
            let least = plan.seats_min;
            wrong(at..at, format!("its seats_max {max} is under its seats_min {least}; write {least} or more, or leave it out for no limit."))
        }
        _ => Ok(plan),
    }
}

fn a_word(value: &Spanned<DeValue<'_>>) -> Result<String, Mistake> {
    let fits =
        |word: &str| (1..=40).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_' || byte.is_ascii_digit());
    match value.get_ref().as_str().filter(|word| fits(word)) {
        Some(word) => Ok(word.to_owned()),
        None => wrong(value.span(), "its word must be 1 to 40 lower-case letters, digits and underscores in quotes, like \"pro_plus\"."),
    }
}

fn a_name(value: &Spanned<DeValue<'_>>) -> Result<String, Mistake> {
    let name = value.get_ref().as_str().map(str::trim);
    match name.filter(|name| (1..=80).contains(&name.chars().count()) && !name.chars().any(is_hidden)) {
        Some(name) => Ok(name.to_owned()),
        None => wrong(value.span(), "its name must have 1 to 80 characters in quotes, like \"Pro Plus\"."),
    }
}

fn a_price(key: &str, value: &Spanned<DeValue<'_>>) -> Result<Decimal, Mistake> {
    let written = match value.get_ref() {
        DeValue::String(text) => Some(text.trim()),
        DeValue::Integer(number) if number.radix() == 10 => Some(number.as_str()),
        DeValue::Float(number) => Some(number.as_str()),
        _ => None,
    };
    let Some(price) = written.and_then(|text| text.parse::<Decimal>().ok()) else {
        return wrong(value.span(), format!("its {key} must be US dollars and cents, like \"29.00\"."));
    };
    if price.is_sign_negative() && !price.is_zero() {
        return wrong(value.span(), format!("its {key} {price} is negative; write 0 or more."));
    }
    if price.normalize().scale() > 2 || price > Decimal::from(MOST) {
        return wrong(value.span(), format!("its {key} {price} must be whole cents and at most {MOST}."));
    }
    Ok(price)
}

fn seats(key: &str, value: &Spanned<DeValue<'_>>) -> Result<u32, Mistake> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    };
    match number.filter(|seats| (1..=MOST).contains(seats)).and_then(|seats| u32::try_from(seats).ok()) {
        Some(seats) => Ok(seats),
        None => wrong(value.span(), format!("its {key} must be a whole number from 1 or more to {MOST}.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plan that is right on lines 1 to 5, but for these changes: `key=value` replaces or adds, `key=-` leaves out.
    fn text(changes: &str) -> String {
        let mut lines = vec![("word", "\"a\""), ("name", "\"A\""), ("price", "\"1.00\""), ("seats_min", "2")];
        for change in changes.split(';').filter(|change| !change.is_empty()) {
            let (key, value) = change.split_once('=').unwrap();
            match lines.iter().position(|(known, _)| *known == key) {
                Some(at) if value == "-" => drop(lines.remove(at)),
                Some(at) => lines[at].1 = value,
                None => lines.push((key, value)),
            }
        }
        let body: Vec<String> = lines.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        format!("[[plan]]\n{}\n", body.join("\n"))
    }

    #[test]
    fn r31_every_mistake_in_a_plans_file_gets_a_sentence_with_its_line() {
        for (text, said) in [
            (text("price=\"-1\""), "line 4: plan \"a\": its price -1 is negative; write 0 or more."),
            (text("price=-1.50"), "line 4: plan \"a\": its price -1.50 is negative"),
            (text("yearly_price=\"-0.01\""), "line 6: plan \"a\": its yearly_price -0.01 is negative"),
            (text("price=\"1.005\""), "line 4: plan \"a\": its price 1.005 must be whole cents"),
            (text("price=\"2000000\""), "line 4: plan \"a\": its price 2000000 must be whole cents and at most 1000000."),
            (text("price=\"x\""), "line 4: plan \"a\": its price must be US dollars and cents, like \"29.00\"."),
            (text("price=nan"), "line 4: plan \"a\": its price must be US dollars"),
            (text("price=-"), "line 1: plan \"a\": it has no price; write one, like price = \"29.00\"."),
            (text("word=-"), "line 1: it has no word; write one, like word = \"team\"."),
            (text("seats_min=0"), "line 5: plan \"a\": its seats_min must be a whole number from 1"),
            (text("seats_min=-3"), "line 5: plan \"a\": its seats_min must be"),
            (text("seats_min=2.5"), "line 5: plan \"a\": its seats_min must be"),
            (text("seats_max=1"), "line 6: plan \"a\": its seats_max 1 is under its seats_min 2; write 2 or more, or leave it out for no limit."),
            (text("seats_max=\"9\""), "line 6: plan \"a\": its seats_max must be"),
            (text("word=\"Team Plan\""), "line 2: plan \"Team Plan\": its word must be 1 to 40 lower-case letters"),
            (text("word=7"), "line 2: its word must be"),
            (text("name=\" \""), "line 3: plan \"a\": its name must have 1 to 80 characters"),
            (text("supervisor=\"yes\""), "line 6: plan \"a\": its supervisor must be true or false."),
            (text("colour=\"red\""), "line 6: plan \"a\": \"colour\" is no key of a plan; the keys are word, name, price,"),
            (text("") + &text("name=\"B\""), "line 6: there are two plans of the word \"a\", the first on line 1; give each its own."),
            (text("") + &text("word=\"b\";name=\"a\""), "line 6: there are two plans of the name \"a\", the first on line 1"),
            (text("") + "price = \"2.00\"\n", "line 6: this is not TOML: duplicate key"),
            (text("") + "[other]\n", "line 6: \"other\" is unknown; a plans file has [[plan]] tables only."),
            ("[plan]\nword = \"a\"\n".into(), "line 1: plans are a list; write [[plan]], with two brackets."),
            ("# nothing\n\nplan = [\"a\"]\n".into(), "line 3: a plan is a table"),
            ("\n[[plan]\n".into(), "line 2: this is not TOML:"),
            (String::new(), "line 1: there is no plan; write at least one [[plan]]."),
            ("plan = []".into(), "line 1: there is no plan"),
        ] {
            let error = read(&text).unwrap_err();
            assert!(error.starts_with(said) && error.ends_with('.'), "{text}: {error}, but should say {said}");
        }
    }

    #[test]
    fn r31_of_several_mistakes_the_first_line_is_named() {
        let error = read(&text("seats_min=0;price=\"-1\";zebra=1")).unwrap_err();
        assert!(error.starts_with("line 4: "), "{error}");
    }

    #[test]
    fn r31_prices_may_stand_in_quotes_or_not() {
        for price in ["\"29.90\"", "29.90", "\" 29.9 \""] {
            assert_eq!(read(&text(&format!("price={price}"))).unwrap()[0].price, "29.9".parse::<Decimal>().unwrap(), "{price}");
        }
        assert_eq!(read(&text("price=29")).unwrap()[0].price, Decimal::from(29));
    }
}
