//! How a project's gate behaves when nothing has changed: how often it cries wolf, how often the application
//! disagrees with itself, and how small a drop a suite can see.
//!
//! Nothing here asks anything. It works on what stored runs came to ([`Stored`]) and decides re-draws of them
//! with the gate itself.

mod aa;
mod flips;
mod page;
mod sees;
mod stored;

pub use aa::{Alarms, redraw};
pub use flips::{Flips, flips};
pub use page::{Examined, page};
pub use sees::{Seen, sees};
pub use stored::{Source, Stored, StoredCase, StoredRun};
