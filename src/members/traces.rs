//! What names a person in texts that others wrote: files, sentences, letters (R23). Told apart as narrowly as the text
//! allows, so that forgetting one person takes nothing from another.

/// The names of one person, in lower case.
#[derive(Clone, Debug, Default)]
pub struct Traces {
    /// All of them, as they were written.
    written: Vec<String>,
    addresses: Vec<String>,
    names: Vec<String>,
    username: Option<String>,
}

impl Traces {
    /// From everything that the person was ever called; what holds an @ sign is an address.
    pub fn new(called: impl IntoIterator<Item = String>, username: Option<&str>) -> Self {
        let mut traces = Traces { username: username.map(str::to_lowercase), ..Traces::default() };
        let called: Vec<String> = called.into_iter().collect();
        traces.written = called.iter().map(String::as_str).chain(username).filter(|text| text.len() >= 3).map(str::to_owned).collect();
        for text in called {
            let text = text.trim().to_lowercase();
            match () {
                () if text.len() < 3 || traces.username.as_ref() == Some(&text) => {}
                () if text.contains('@') => traces.addresses.push(text),
                () => traces.names.push(text),
            }
        }
        for list in [&mut traces.written, &mut traces.addresses, &mut traces.names] {
            list.sort();
            list.dedup();
        }
        traces
    }

    /// Is this one of their addresses?
    pub fn has_address(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.addresses.contains(&text)
    }

    /// Is this a name of theirs, first and last in one?
    pub fn has_name(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.names.contains(&text)
    }

    /// Is this, as a whole, an address, a name or the username of theirs?
    pub fn is_called(&self, text: &str) -> bool {
        let text = text.trim().to_lowercase();
        self.addresses.contains(&text) || self.names.contains(&text) || self.username.as_ref() == Some(&text)
    }

    /// Does a text have an address of theirs in it? Nobody else is called so.
    pub fn address_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.addresses.iter().any(|address| says(&text, address))
    }

    /// Does a sentence say an address or a name of theirs? A name of one word can be any word, so only where a sentence says
    /// that something is assigned to it.
    pub fn said_in(&self, sentence: &str) -> bool {
        let sentence = sentence.to_lowercase();
        let (full, short): (Vec<&String>, Vec<&String>) = self.names.iter().partition(|name| name.contains(' '));
        let assigned = |name: &&String| says(&sentence, &format!("assigned to {name}"));
        self.addresses.iter().chain(full).any(|text| says(&sentence, text))
            || short.iter().chain(&self.username.iter().collect::<Vec<_>>()).any(assigned)
    }

    /// Is a file called after them? What stands behind its last dot is no part of the name.
    pub fn entitle(&self, title: &str) -> bool {
        let stem = title.rsplit_once('.').map_or(title, |(stem, _)| stem);
        self.said_in(stem) || self.is_called(stem)
    }

    /// All of it as it was written, for what is searched as a whole.
    pub fn texts(&self) -> &[String] {
        &self.written
    }
}

/// Does a text have this in it, and not as a part of a longer word or address?
fn says(text: &str, wanted: &str) -> bool {
    text.match_indices(wanted).any(|(at, _)| {
        let is_part = |c: char| c.is_alphanumeric() || "._%+-@".contains(c);
        let mut behind = text[at + wanted.len()..].chars();
        let ends = match behind.next() {
            Some('.') => !behind.next().is_some_and(char::is_alphanumeric),
            Some(c) => !is_part(c),
            None => true,
        };
        ends && !text[..at].chars().next_back().is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r23_a_name_is_told_from_a_part_of_another() {
        let dana = Traces::new(["Dana Silva", "dana@acme.test", "Dana Roe"].map(str::to_owned), None);
        assert!(dana.said_in("+14155550100 is already assigned to Dana Silva.") && dana.said_in("“DANA@acme.test” is wrong"));
        assert!(dana.said_in("It was Dana Roe’s."));
        for other in ["xdana@acme.test", "dana@acme.test.org", "Dana Silvana", "Dana", "Diana Silva", "dana@acme.tests"] {
            assert!(!dana.said_in(other) && !dana.is_called(other), "{other}");
        }
        let admin = Traces::new(["admin".to_owned()], Some("admin"));
        assert!(admin.is_called("Admin") && admin.said_in("It is already assigned to admin."));
        assert!(!admin.said_in("Role “admin”: use admin, supervisor or agent."));
    }
}
