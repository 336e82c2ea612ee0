//! The program's parts, put together once at start.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{
    billing::{self, Plans},
    clock::Clock,
    db::{Db, Place, migrations},
    files,
    keys::Keys,
    mail::{
        Post,
        transport::{Folder, Pool, Transport},
    },
    settings::Settings,
    sign_in::Hasher,
    web::assets,
};
use tokio::sync::Notify;

/// What handlers and the ticker share.
pub struct App {
    /// What the operator set.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Uploaded files.
    pub files: files::Store,
    /// What can be bought.
    pub plans: Plans,
    /// The bounded password hasher.
    pub hasher: Hasher,
    /// The mail's way out.
    pub post: Arc<Post>,
    /// Notified when a file of people is to be sent.
    pub bulk_invites: Notify,
    /// Where the assets were unpacked.
    pub assets: PathBuf,
    leaving: AtomicBool,
}

/// Whether `serve` brings the schema up to date by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Migrate {
    /// Yes.
    Yes,
    /// No: an outdated schema is refused with a sentence.
    No,
}

/// The database of these settings, its schema checked.
///
/// # Errors
/// A sentence that says what to do; nothing is half created.
pub fn open_database(settings: &Settings, migrate: Migrate) -> Result<Db, String> {
    // What can be wrong is looked at before anything is made.
    Plans::open(settings.plans.as_deref())?;
    settings.database.try_once()?;
    let said = settings.secret.as_deref().map(Keys::parse).transpose().map_err(|e| format!("ROLLCALL_SECRET: {e}"))?;
    let data = &settings.data;
    make_private(data)?;
    let keys = match said {
        Some(keys) => keys,
        None => Keys::open(data)?,
    };
    let db = Db::open(settings.database.clone(), settings.db_pool, Arc::new(keys))?;
    match migrations::standing(&db)? {
        migrations::Standing::Newer(version) => return Err(migrations::too_new(&version)),
        migrations::Standing::Current => {}
        migrations::Standing::Behind(_) if migrate == Migrate::Yes => {
            migrations::apply(&db, |step| tracing::info!(step, "bringing the database up to date"))?;
        }
        migrations::Standing::Behind(n) => {
            return Err(format!("The database is {n} steps behind this program: run `rollcall migrate`."));
        }
    }
    Ok(db)
}

/// Makes the data folder, for its owner alone: it holds secrets, addresses and password hashes (T20).
///
/// # Errors
/// A sentence when it cannot be made.
pub fn make_private(folder: &Path) -> Result<(), String> {
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let made = builder.recursive(true).create(folder);
    made.map_err(|e| format!("The folder {} cannot be made ({e}): check ROLLCALL_DATA.", folder.display()))
}

/// The database of these settings as it is, for looking only.
///
/// # Errors
/// A sentence that says what to do.
pub fn open_database_unchanged(settings: &Settings) -> Result<Db, String> {
    if let Place::Sqlite(path) = &settings.database
        && !path.exists()
    {
        return Err(format!("There is no file {} yet: start the server once, or run `rollcall migrate`.", path.display()));
    }
    settings.database.try_once()?;
    Db::open(settings.database.clone(), 2, Arc::new(Keys::new([0; 32])))
}

/// The plans of these settings for a program that sells them: their terms are kept in the database, and those that left the
/// file are read from it (R31).
///
/// # Errors
/// A sentence that names the file, the line and the mistake, or the database's.
pub fn open_plans(settings: &Settings, db: &Db) -> Result<Plans, String> {
    Plans::open(settings.plans.as_deref())?.offer(db).map_err(|e| format!("The plans' terms cannot be kept: {e}."))
}

/// The way out for mail: the server, or a folder of files.
///
/// # Errors
/// A sentence that says what to do.
pub fn open_transport(settings: &Settings) -> Result<Transport, String> {
    Ok(match &settings.smtp {
        Some(address) => Transport::Smtp(Pool::new(address.clone(), settings.mail_connections)?),
        None => Transport::Files(Folder::open(settings.data.join("mail"))?),
    })
}

impl App {
    /// Puts the parts together.
    ///
    /// # Errors
    /// A sentence that says what to do.
    pub fn assemble(settings: Settings, db: Db, clock: Clock) -> Result<Self, String> {
        files::choose_cryptography();
        let plans = open_plans(&settings, &db)?;
        billing::open_missing(&db, &plans, clock.now()).map_err(|e| format!("Subscriptions cannot be opened: {e}."))?;
        let hasher = Hasher::new(settings.password_cost)?;
        let transport = open_transport(&settings)?;
        let files = files::Store::open(&settings.files)?;
        let assets = assets::unpack(&settings.data)?;
        let post = Post::new(db.clone(), clock.clone(), transport, settings.mail_from.clone(), settings.public_url.clone());
        Ok(App {
            settings,
            db,
            clock,
            files,
            plans,
            hasher,
            post: Arc::new(post),
            bulk_invites: Notify::new(),
            assets,
            leaving: AtomicBool::new(false),
        })
    }

    /// Tells probes that this process takes no more work (T31).
    pub fn leave(&self) {
        self.leaving.store(true, Ordering::SeqCst);
    }

    /// Is this process on its way out?
    pub fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::SeqCst)
    }
}
