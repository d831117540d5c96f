//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are; and single failures, reduced to what they take, looked for
//! around, and made cases that stay. Pure data, made of records; it decides nothing.

pub mod cluster;
pub mod failure;
pub mod found;
mod gather;
pub mod neighbours;
pub mod pieces;
pub mod probe;
pub mod promote;
pub mod reduce;
pub mod scrub;
mod tfidf;
pub mod trigger;
pub mod way;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use gather::{Gathered, gather, gather_newest};
