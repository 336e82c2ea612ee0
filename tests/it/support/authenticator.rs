//! An authenticator app, and the pages that set one up.

use rollcall::clock::At;
use totp_rs::{Builder, Secret, Totp};

use super::{Browser, PASSWORD, Page, Person, World};

/// An authenticator app with one entry, and the recovery codes that were shown with it.
pub struct Authenticator {
    totp: Totp,
    pub recovery: Vec<String>,
}

impl Authenticator {
    /// An app into which somebody typed the key that the page shows.
    pub fn of(page: &Page) -> Self {
        let key = page.attribute("#secret", "value").unwrap_or_else(|| panic!("no key on the page: {}", page.text()));
        let totp = Builder::new().with_secret(Secret::try_from_base32(key).expect("a key in base32")).build().expect("a usual key");
        Authenticator { totp, recovery: Vec::new() }
    }

    /// What it shows at an instant.
    pub fn at(&self, at: At) -> String {
        self.totp.generate(u64::try_from(at.micros() / 1_000_000).expect("a time after 1970")).to_string()
    }

    /// What it shows now.
    pub fn code(&self, world: &World) -> String {
        self.at(world.now())
    }
}

/// The recovery codes that a page shows.
pub fn recovery_codes(page: &Page) -> Vec<String> {
    page.texts("ol.codes output")
}

impl World {
    /// Sets up two-factor sign-in for whoever is signed in there, through the page.
    #[track_caller]
    pub fn set_up_two_factor(&self, browser: &Browser) -> Authenticator {
        let mut app = Authenticator::of(&browser.get("/profile/two-factor"));
        let page = browser.post("/profile/two-factor", &[("code", &app.code(self))]);
        assert_eq!(page.status, 200, "{}", page.text());
        app.recovery = recovery_codes(&page);
        app
    }

    /// A browser in which `person` has taken the first step of two.
    #[track_caller]
    pub fn first_step(&self, person: &Person) -> Browser {
        let browser = self.browser();
        let page = browser.post("/login", &[("login", &person.email), ("password", PASSWORD)]);
        assert_eq!((page.status, page.to()), (303, "/two-factor"), "{}", page.text());
        browser
    }
}
