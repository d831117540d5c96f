//! Cases written by models: what is asked, how replies are kept and paid for, and what becomes of them.
//!
//! A generator makes a request of a brief; every request goes through [`AsksJson`], at which the replies kept on
//! the disk and the budget stand before the network ([`Rotation`]). What comes of the replies passes a filter and
//! waits for review; nothing that a model wrote becomes a case before a person has accepted it.

mod ask;
mod rotation;
mod tally;

pub use ask::{AskedJson, AsksJson, JsonAsk, JsonForm, JsonReply, PROTOCOL, short_hash};
pub use rotation::{ACCOUNT, Rotation};
pub use tally::{ModelTally, Tally};
