//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are; the notes that people write on them, and the categories that
//! people sort them into. Data made of records and of people's files; it decides nothing.

pub mod cluster;
pub mod coding;
pub mod failure;
mod gather;
pub mod ledger;
pub mod note;
pub mod prevalence;
pub mod taxonomy;
mod tfidf;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use gather::{Gathered, gather, gather_newest};
