//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are; the notes that people write on them, and the categories that
//! people sort them into. Data made of records and of people's files; it decides nothing.

pub mod cluster;
pub mod coding;
pub mod failure;
mod fingerprint;
mod gather;
mod group;
pub mod ledger;
pub mod note;
mod outline;
pub mod prevalence;
mod saturation;
pub mod taxonomy;
mod terms;
mod tfidf;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use fingerprint::{Fingerprint, GroupId, GroupIdError};
pub use gather::{Gathered, gather, gather_newest};
pub use group::{Also, Cluster, Distilled, FORMAT, Group, Impact, NoGroup, SuiteSaturation};
pub use saturation::{Saturation, saturation};
