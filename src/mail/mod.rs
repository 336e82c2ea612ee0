//! Mail: queued in the writer's transaction, sent afterwards, at least once (R9, T26, T27).

mod circuit;
mod letters;
mod outbox;
mod post;
mod rows;
pub mod transport;

pub use letters::{Letter, Rendered, TwoFactorChange};
pub use outbox::{addresses_of, count_queued, drop_unsent, forget, queue, queue_each};
pub use post::Post;
pub use rows::{MailState, drop_all};
