//! Answers kept from one run to the next: the same question to the same application is not asked again.
//!
//! An answer is found by a hash over everything that decides it (`key`), and kept with its checksum (`entry`)
//! in a [`Store`]: a folder, and behind it, where the project says so, an S3-compatible store that machines
//! share. Errors are never kept.

mod cached;
mod caching;
mod entry;
mod folder;
mod guard;
mod key;
mod layers;
mod prune;
#[cfg(feature = "remote")]
mod remote;
mod replies;
mod store;
mod verdicts;

pub use cached::{Cached, Taken};
pub use caching::{Before, CacheError, Caching, Fresh, READ_ONLY, folder_of};
pub use folder::Folder;
pub use guard::Guarded;
pub use key::{Key, PROTOCOL};
pub use layers::Layers;
pub use prune::{Contents, Pruned, contents, prune};
#[cfg(feature = "remote")]
pub use remote::Remote;
pub use replies::Replies;
pub use store::{Got, Name, Put, Store, StoreError};
pub use verdicts::KeptVerdicts;
