//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are. Pure data, made of records; it decides nothing.

pub mod cluster;
pub mod failure;
mod gather;
mod tfidf;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use gather::{Gathered, gather, gather_newest};
