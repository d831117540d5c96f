//! From seeds to cases: what is asked of the application, each with an identity that lasts.

mod case;
mod choose;
pub mod covering;
pub mod edit;
pub mod entry;
mod expansion;
mod expectation;
pub mod filter;
mod ledger;
pub mod lexicon;
pub mod lock;
pub mod meaning;
mod mould;
pub mod operator;
pub mod operators;
pub mod protect;
mod reason;
mod recent;
mod reviewed;
pub mod rows;
mod seeds;
pub mod similar;
pub mod stream;
pub mod table;
mod vary;
pub mod words;

pub use case::{Applied, Case, CaseId, CaseIdError, FamilyId, Lineage, Provenance};
pub use expansion::{Expansion, cases_of};
pub(crate) use expectation::repeated;
pub use ledger::{Digest, EntryLedger, Ledger, OperatorLedger, ScenarioLedger, TemplateLedger};
pub use operator::{Family, Operator, Promise};
pub use reason::Reason;
pub use recent::Recent;
pub use seeds::ExpandError;
