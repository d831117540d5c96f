//! The flags that end what asks models or applications: money, tokens, time.

use crate::suite::project::BudgetSpec;
use crate::suite::quantity::Duration;

/// What asking may take; what is not given is as the project says.
#[derive(Debug, Clone, Copy, clap::Args)]
#[expect(clippy::struct_field_names, reason = "they are the flags of the command line")]
pub struct Limits {
    /// Most that all replies may cost, in the project's currency.
    #[arg(long, value_name = "MONEY")]
    max_cost: Option<f64>,
    /// Most tokens that may be used, read and written together.
    #[arg(long, value_name = "N")]
    max_tokens: Option<u64>,
    /// Limit on the time of it all, such as `10m`.
    #[arg(long, value_name = "TIME")]
    max_time: Option<Duration>,
}

impl From<Limits> for BudgetSpec {
    fn from(Limits { max_cost, max_tokens, max_time }: Limits) -> Self {
        Self { max_cost, max_tokens, max_time }
    }
}
