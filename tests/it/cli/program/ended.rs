//! What came of a command.

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// The one sentence of a failure: exit 1, nothing on standard output.
    #[track_caller]
    pub fn sentence(&self) -> &str {
        assert_eq!((self.code, self.out.as_str()), (Some(1), ""), "{self:?}");
        let sentence = self.err.strip_prefix("rollcall: ").unwrap_or_else(|| panic!("{self:?}")).trim_end();
        assert!(!sentence.contains('\n') && sentence.len() > 20, "one sentence: {sentence:?}");
        sentence
    }

    /// What it printed when it went well.
    #[track_caller]
    pub fn well(&self) -> &str {
        assert_eq!(self.code, Some(0), "{self:?}");
        &self.out
    }
}
