//! From seeds to cases: what is asked of the application, each with an identity that lasts.

mod case;
mod seeds;
pub mod stream;
pub mod table;

pub use case::{Case, CaseId, CaseIdError, FamilyId, Provenance};
pub use seeds::{ExpandError, cases_of};
