//! What the buttons of the hours' editor do, so that it works without JavaScript.

use super::{Day, Draft, MOST_SPANS, Typed};

/// A button of the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// `add:mon`: one more span, still without times.
    Add(Day),
    /// `del:mon:1`: takes away the first span of the day. Counted from 1.
    Delete(Day, usize),
    /// `copy:mon:weekdays` and `copy:mon:all`: the spans of the day on all of these.
    Copy(Day, &'static [Day]),
    /// `preset:weekdays`: Monday to Friday, 9 to 5, and nothing else.
    Weekdays,
    /// `preset:always`: every day around the clock.
    Always,
}

impl Op {
    /// The button that a form's `op` names.
    pub fn parse(word: &str) -> Option<Self> {
        let mut parts = word.split(':');
        let op = match (parts.next()?, parts.next()?, parts.next()) {
            ("add", day, None) => Op::Add(Day::from_word(day)?),
            ("del", day, Some(nth)) => Op::Delete(Day::from_word(day)?, nth.parse().ok()?),
            ("copy", day, Some("weekdays")) => Op::Copy(Day::from_word(day)?, Day::WEEKDAYS),
            ("copy", day, Some("all")) => Op::Copy(Day::from_word(day)?, Day::ALL),
            ("preset", "weekdays", None) => Op::Weekdays,
            ("preset", "always", None) => Op::Always,
            _ => return None,
        };
        parts.next().is_none().then_some(op)
    }
}

impl Draft {
    /// The draft after a button. A button that no longer fits, like the third span of a day that has two, changes nothing.
    #[must_use]
    pub fn apply(mut self, op: Op) -> Self {
        match op {
            Op::Add(day) if self.day(day).len() < MOST_SPANS => self.day_mut(day).push(Typed::default()),
            Op::Delete(day, nth) if (1..=self.day(day).len()).contains(&nth) => {
                self.day_mut(day).remove(nth - 1);
            }
            Op::Add(_) | Op::Delete(..) => {}
            Op::Copy(from, to) => {
                let spans = self.day(from).to_vec();
                for day in to {
                    self.day_mut(*day).clone_from(&spans);
                }
            }
            Op::Weekdays => return Draft::alike(Day::WEEKDAYS, "09:00", "17:00"),
            Op::Always => return Draft::alike(Day::ALL, "00:00", "00:00"),
        }
        self
    }

    fn alike(days: &[Day], opens: &str, closes: &str) -> Self {
        let mut draft = Draft::default();
        for day in days {
            draft.day_mut(*day).push(Typed::new(opens, closes));
        }
        draft
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(draft: Draft, ops: &[&str]) -> Vec<String> {
        let draft = ops.iter().fold(draft, |draft, op| draft.apply(Op::parse(op).unwrap()));
        let lines = draft.days().flat_map(|(day, spans)| spans.iter().map(move |t| format!("{} {}-{}", day.word(), t.opens, t.closes)));
        lines.chain(draft.stray.iter().cloned()).collect()
    }

    fn typed(lines: &[&'static str]) -> Draft {
        Draft::from_fields([], [], [], lines.iter().copied())
    }

    #[test]
    fn r43_the_editor_adds_deletes_and_copies_spans_valid_or_not() {
        let draft = || typed(&["mon 9-12", "mon 25:00-13", "sat 10:00-14:00", "never"]);
        assert_eq!(after(draft(), &[]), ["mon 09:00-12:00", "mon 25:00-13:00", "sat 10:00-14:00", "never"]);
        assert_eq!(after(draft(), &["add:tue", "del:mon:1"]), ["mon 25:00-13:00", "tue -", "sat 10:00-14:00", "never"]);
        assert_eq!(after(draft(), &["del:mon:3", "del:mon:0", "del:sun:1"]), after(draft(), &[]));
        let weekdays = after(draft(), &["del:mon:2", "copy:mon:weekdays"]);
        let nine = ["mon 09:00-12:00", "tue 09:00-12:00", "wed 09:00-12:00", "thu 09:00-12:00", "fri 09:00-12:00"];
        assert_eq!(weekdays, [&nine[..], &["sat 10:00-14:00", "never"]].concat());
        assert_eq!(after(typed(&["sat 10-14", "mon 9-12"]), &["copy:sat:all"]).len(), 7);
        assert_eq!(after(typed(&["sat 10-14", "mon 9-12"]), &["copy:sun:all"]).len(), 0);
        assert_eq!(after(Draft::default(), &["add:mon"; 25]).len(), MOST_SPANS);
    }

    #[test]
    fn r43_presets_replace_the_week() {
        let weekdays = after(typed(&["sat 9-12", "never"]), &["preset:weekdays"]);
        assert_eq!((weekdays.len(), weekdays[0].as_str(), weekdays[4].as_str()), (5, "mon 09:00-17:00", "fri 09:00-17:00"));
        let always = Draft::default().apply(Op::Always).read([]).unwrap();
        assert_eq!((always.spans().len(), always.spans()[0].to_string().as_str()), (7, "mon 00:00-24:00"));
    }

    #[test]
    fn r43_a_draft_reads_the_fields_of_the_form_and_gives_them_back() {
        let draft = Draft::from_fields(["mon", "sun", "tue", "wed"], ["9:00", "00:00", "", "10:00"], ["17:00", "00:00", "", ""], ["Thu 22-24:00"]);
        let mistakes = draft.read([]).unwrap_err();
        assert_eq!(mistakes.of(Day::Wednesday).collect::<Vec<_>>(), ["Wednesday: enter when it closes; it opens at 10:00."]);
        assert_eq!(mistakes.hours.len(), 1, "a span without any time counts for nothing");
        let hours = draft.apply(Op::Delete(Day::Wednesday, 1)).read(["2026-12-25"]).unwrap();
        assert_eq!(hours.to_columns(), ("mon 09:00-17:00\nthu 22:00-24:00\nsun 00:00-24:00".into(), "2026-12-25".into()));
        assert_eq!(Draft::of(&hours).day(Day::Sunday), [Typed { opens: "00:00".into(), closes: "00:00".into() }]);
        assert_eq!(Draft::of(&hours).read(["2026-12-25"]).unwrap(), hours);
        let forged = Draft::from_fields(["x"], ["9"], ["17"], ["mon"]).read([]).unwrap_err();
        assert_eq!(forged.hours.len(), 2, "nothing that was typed is lost without a word: {forged:?}");
    }

    #[test]
    fn unknown_buttons_are_none() {
        for op in [
            "",
            "add",
            "add:xyz",
            "add:mon:1",
            "del:mon",
            "del:mon:x",
            "del:mon:-1",
            "copy:mon:sun",
            "preset:never",
            "preset:always:x:y",
            "del:mon:1:1",
        ] {
            assert_eq!(Op::parse(op), None, "{op}");
        }
    }
}
