//! What failed, distilled: the failures of one or several runs, put into groups that say the same, and how
//! near they are to being all the kinds there are; the notes that people write on them, and the categories that
//! people sort them into; and single failures, reduced to what they take, looked for around, and made cases that
//! stay. Data made of records and of people's files; it decides nothing.

pub mod cluster;
pub mod coding;
pub mod failure;
mod fingerprint;
pub mod found;
mod gather;
mod group;
pub mod ledger;
pub mod neighbours;
pub mod note;
mod outline;
pub mod pieces;
pub mod prevalence;
pub mod probe;
pub mod promote;
pub mod reduce;
mod saturation;
pub mod scrub;
pub mod taxonomy;
mod terms;
pub mod tfidf;
pub mod trigger;
pub mod way;

pub use failure::{Complaint, ComplaintKind, Failed, Failure, Lasting, Looked, Seen, Since, failures_of};
pub use fingerprint::{Fingerprint, GroupId, GroupIdError};
pub use gather::{Gathered, gather, gather_newest};
pub use group::{Also, Cluster, Distilled, FORMAT, Group, Impact, NoGroup, SuiteSaturation};
pub use saturation::{Saturation, saturation};
