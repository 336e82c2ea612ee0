//! The forms of signing in.

use super::{login::Attempt, passwords::Password, second_factor::Typed};
use crate::{
    authz::Actor,
    web::{Posted, local_path},
};

/// A sign-in as typed.
pub struct LoginForm {
    /// The name and the password.
    pub attempt: Attempt,
    /// Where to go afterwards.
    pub next: String,
}

impl LoginForm {
    /// Reads the form; an empty field gets its own sentence, since that tells nobody anything.
    pub fn read(form: &mut Posted) -> Option<Self> {
        let login = form.take("login", |text| match text.trim() {
            "" => Err("Enter your email or username."),
            text => Ok(text.to_lowercase().chars().take(400).collect::<String>()),
        });
        let password = form.take("password", |text| if text.is_empty() { Err("Enter your password.") } else { Ok(Password::typed(text)) });
        let next = local_path(form.value("next")).to_owned();
        Some(LoginForm { attempt: Attempt { login: login?, password: password? }, next })
    }
}

/// A new password for somebody known.
pub fn read_new_password(form: &mut Posted, least: usize, about: &[&str]) -> Option<Password> {
    let parsed = Password::parse(form.value("password"), least, about);
    form.take("password", |_| parsed)
}

/// A change of one's own password as typed.
pub struct ChangeForm {
    /// The password that is theirs now.
    pub current: Password,
    /// The one that shall be.
    pub new: Password,
}

impl ChangeForm {
    /// Reads the form.
    pub fn read(form: &mut Posted, least: usize, actor: &Actor, email: &str) -> Option<Self> {
        let current = read_current(form);
        let new = read_new_password(form, least, &[&actor.name, email, &actor.company]);
        Some(ChangeForm { current: current?, new: new? })
    }
}

impl ChangeForm {
    /// Would nothing change?
    pub fn is_same(&self) -> bool {
        self.current.reveal() == self.new.reveal()
    }
}

/// The password that is theirs now.
pub fn read_current(form: &mut Posted) -> Option<Password> {
    form.take("current_password", |text| if text.is_empty() { Err("Enter your current password.") } else { Ok(Password::typed(text)) })
}

/// A code of an app, or a recovery code.
pub fn read_code(form: &mut Posted) -> Option<Typed> {
    form.take("code", Typed::parse)
}
