//! From seeds to cases: what is asked of the application, each with an identity that lasts.

mod case;
pub mod edit;
pub mod entry;
pub mod lexicon;
pub mod meaning;
pub mod operator;
pub mod operators;
pub mod protect;
mod reason;
mod seeds;
pub mod stream;
pub mod words;
pub mod similar;

pub use case::{Case, CaseId, CaseIdError, FamilyId, Provenance};
pub use operator::{Family, Operator, Promise};
pub use reason::Reason;
pub use seeds::{ExpandError, cases_of};
