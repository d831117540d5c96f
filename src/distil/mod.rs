//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are. Pure data, made of records; it decides nothing.

pub mod cluster;
pub mod failure;
mod fingerprint;
mod gather;
mod group;
mod outline;
mod saturation;
mod terms;
mod tfidf;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use fingerprint::{Fingerprint, GroupId, GroupIdError};
pub use gather::{Gathered, gather, gather_newest};
pub use group::{Also, Cluster, Distilled, FORMAT, Group, Impact, NoGroup, SuiteSaturation};
pub use saturation::{Saturation, saturation};
