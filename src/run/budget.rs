//! What a run and its suites may spend, looked at before each call: a call is made only where what was spent,
//! what is in flight and the call itself fit the limits.

use super::Transcript;
use crate::judge::model::ModelVerdict;
use crate::suite::project::Project;
use crate::target::{Answer, Attempt, TargetError, TargetErrorKind};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Money, in the project's currency, and tokens, read and written together.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Spending {
    /// Money.
    pub cost: f64,
    /// Tokens.
    pub tokens: u64,
}

/// Most that may be spent; `None` where there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Limits {
    /// Money.
    pub cost: Option<f64>,
    /// Tokens.
    pub tokens: Option<u64>,
}

/// What a call took.
#[derive(Debug, Clone, PartialEq)]
pub struct Charge {
    /// What its answer took.
    pub answer: Taken,
    /// Attempts of it that came to nothing and may have been answered all the same: each counts as the
    /// largest call so far.
    pub lost: u32,
}

/// What an answer took.
#[derive(Debug, Clone, PartialEq)]
pub enum Taken {
    /// Nothing: it is from the cache, or nobody was asked.
    Nothing,
    /// So many tokens, and money where the model has a price; else the model.
    Known {
        /// Tokens.
        tokens: u64,
        /// Money, or the model without a price, if any was named.
        cost: Result<f64, Option<String>>,
    },
    /// There is an answer, and it does not tell.
    Untold,
}

/// Whether a call may be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserve {
    /// It may, and what it can take is put by until it is settled.
    Granted,
    /// Not before another one is settled.
    Later,
    /// No more.
    Over,
}

/// Why no more calls may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// A limit is used up.
    Spent(String),
    /// A limit cannot be kept: nobody knows what answers take.
    Untold(String),
}

/// What a run may spend. Shared by all that spend from it.
#[derive(Debug, Default)]
pub struct Budget {
    currency: String,
    accounts: Mutex<Accounts>,
    settled: Notify,
}

#[derive(Debug, Default)]
struct Accounts {
    run: Account,
    suites: BTreeMap<String, Account>,
}

/// What was spent under one set of limits.
#[derive(Debug, Clone, Default)]
struct Account {
    /// Whose limits they are, in words.
    whose: String,
    limits: Limits,
    /// What a call may take before any has told.
    guess: Option<Spending>,
    spent: Spending,
    /// The most that a call took so far, of each.
    largest: Option<Spending>,
    in_flight: u32,
    over: Option<Over>,
}

impl Limits {
    /// Whether there is any.
    pub const fn any(&self) -> bool {
        self.cost.is_some() || self.tokens.is_some()
    }
}

impl Charge {
    /// What asking came to, by the project's prices. `model` is the one asked for, where an answer names none.
    pub fn of(asked: &Result<Answer, TargetError>, project: &Project, model: Option<&str>) -> Self {
        match asked {
            Ok(answer) => Self::of_answer(answer, project, model),
            Err(error) => Self::of_error(error),
        }
    }

    fn of_answer(answer: &Answer, project: &Project, model: Option<&str>) -> Self {
        let answered = match answer.usage {
            _ if answer.cached => Taken::Nothing,
            None => Taken::Untold,
            Some(usage) => {
                let model = answer.model.as_deref().or(model);
                let cost = model.and_then(|model| project.price(model, usage));
                let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
                Taken::Known { tokens, cost: cost.ok_or_else(|| model.map(str::to_owned)) }
            }
        };
        Self { answer: answered, lost: if answer.cached { 0 } else { lost(&answer.attempts) } }
    }

    fn of_error(error: &TargetError) -> Self {
        let last = u32::from(may_have_been_answered(error.kind));
        Self { answer: Taken::Nothing, lost: last + lost(&error.attempts) }
    }
}

fn lost(attempts: &[Attempt]) -> u32 {
    let lost = attempts.iter().filter(|attempt| may_have_been_answered(attempt.kind)).count();
    u32::try_from(lost).unwrap_or(u32::MAX)
}

/// Whether an application that was asked in vain may have spent something on it.
const fn may_have_been_answered(kind: TargetErrorKind) -> bool {
    use TargetErrorKind::{
        Command, Connection, InProcess, MissingPointer, NotAsked, NotJson, NotKept, NotRecorded, NotText,
        Refused, Status, Template, Timeout, TooLarge, WrongType,
    };
    match kind {
        Refused | Status | Template | NotRecorded | NotKept | NotAsked => false,
        Connection | Timeout | NotJson | MissingPointer | WrongType | TooLarge | NotText | Command
        | InProcess => true,
    }
}

impl Budget {
    /// A budget of a whole run, in a currency.
    pub fn new(currency: &str, limits: Limits) -> Self {
        let run = Account { whose: "the run".to_owned(), limits, ..Account::default() };
        let accounts = Mutex::new(Accounts { run, suites: BTreeMap::new() });
        Self { currency: currency.to_owned(), accounts, settled: Notify::new() }
    }

    /// Adds a suite with limits of its own. `guess` is what a call of it may take before any has told; `None`:
    /// nobody knows, and calls are made one after the other until then.
    pub fn suite(&self, suite: &str, limits: Limits, guess: Option<Spending>) {
        let whose = format!("suite `{suite}`");
        let account = Account { whose, limits, guess, ..Account::default() };
        self.accounts().suites.insert(suite.to_owned(), account);
    }

    /// Whether calls of a suite are limited at all.
    pub fn limits(&self, suite: &str) -> bool {
        let accounts = self.accounts();
        accounts.run.limits.any() || accounts.suites.get(suite).is_some_and(|of| of.limits.any())
    }

    /// Puts by what a call of a suite can take, where there is room for it.
    pub fn try_reserve(&self, suite: &str) -> Reserve {
        let mut accounts = self.accounts();
        let Accounts { run, suites } = &mut *accounts;
        let Some(of_suite) = suites.get_mut(suite) else { return Reserve::Granted };
        let guess = of_suite.guess;
        let reserve = match (of_suite.look(guess), run.look(guess)) {
            (Reserve::Over, _) => {
                of_suite.close(guess, &self.currency);
                Reserve::Over
            }
            (_, Reserve::Over) => {
                run.close(guess, &self.currency);
                Reserve::Over
            }
            (Reserve::Granted, Reserve::Granted) => {
                of_suite.in_flight += 1;
                run.in_flight += 1;
                Reserve::Granted
            }
            _ => Reserve::Later,
        };
        drop(accounts);
        if reserve == Reserve::Over {
            // Those that wait have nothing more to wait for.
            self.settled.notify_waiters();
        }
        reserve
    }

    /// Tells what a call took for which something was put by.
    pub fn settle(&self, suite: &str, charge: &Charge) {
        let mut accounts = self.accounts();
        let Accounts { run, suites } = &mut *accounts;
        if let Some(of_suite) = suites.get_mut(suite) {
            for account in [of_suite, run] {
                account.in_flight = account.in_flight.saturating_sub(1);
                account.take(charge);
            }
        }
        drop(accounts);
        self.settled.notify_waiters();
    }

    /// Counts what was spent on a suite before the run was taken up again.
    pub fn count(&self, suite: &str, transcript: &Transcript, project: &Project, model: Option<&str>) {
        let turns = transcript.turns.iter().map(|turn| Charge::of_answer(&turn.answer, project, model));
        let charges: Vec<Charge> = turns.chain(transcript.error.iter().map(Charge::of_error)).collect();
        self.take(suite, &charges);
    }

    /// Counts what a judge took before the run was taken up again.
    pub fn count_verdict(&self, suite: &str, verdict: &ModelVerdict) {
        let Some(usage) = verdict.usage.filter(|_| verdict.requests > 0) else { return };
        let tokens = usage.input_tokens.saturating_add(usage.output_tokens);
        let cost = verdict.cost.ok_or_else(|| verdict.models.first().cloned());
        self.take(suite, &[Charge { answer: Taken::Known { tokens, cost }, lost: 0 }]);
    }

    fn take(&self, suite: &str, charges: &[Charge]) {
        let mut accounts = self.accounts();
        let Accounts { run, suites } = &mut *accounts;
        if let Some(of_suite) = suites.get_mut(suite) {
            for charge in charges {
                of_suite.take(charge);
                run.take(charge);
            }
        }
    }

    /// Why no more calls of a suite may be made; `None` while some may.
    pub fn over(&self, suite: &str) -> Option<Over> {
        let mut accounts = self.accounts();
        let Accounts { run, suites } = &mut *accounts;
        let of_suite = suites.get_mut(suite)?;
        let guess = of_suite.guess;
        for account in [of_suite, run] {
            if account.look(guess) == Reserve::Over {
                account.close(guess, &self.currency);
                return account.over.clone();
            }
        }
        None
    }

    /// What was spent on a suite and on the run so far, of what; `None` where nothing is limited.
    pub fn told(&self, suite: &str) -> Option<String> {
        let accounts = self.accounts();
        let of_suite = accounts.suites.get(suite)?;
        let parts: Vec<String> = [of_suite, &accounts.run]
            .into_iter()
            .filter(|account| account.limits.any())
            .map(|account| format!("{} by {}", account.told(&self.currency), account.whose))
            .collect();
        (!parts.is_empty()).then(|| format!("budget: {}", parts.join("; ")))
    }

    /// Resolves when a call is settled, or none may be made any more.
    pub(super) fn settled(&self) -> tokio::sync::futures::Notified<'_> {
        self.settled.notified()
    }

    fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Account {
    /// Whether there is room for one more call. What the largest took is put by for each that is in flight.
    fn look(&self, guess: Option<Spending>) -> Reserve {
        if self.over.is_some() {
            return Reserve::Over;
        }
        if !self.limits.any() {
            return Reserve::Granted;
        }
        let is_alone = self.in_flight == 0;
        match self.largest.or(guess) {
            Some(each) if self.fits(each) => Reserve::Granted,
            None if is_alone && self.fits(Spending::default()) => Reserve::Granted,
            _ if is_alone => Reserve::Over,
            _ => Reserve::Later,
        }
    }

    fn fits(&self, each: Spending) -> bool {
        self.fits_money(each.cost) && self.fits_tokens(each.tokens)
    }

    fn fits_money(&self, each: f64) -> bool {
        let all = self.spent.cost + f64::from(self.in_flight + 1) * each;
        // Room for the last bits of sums.
        self.limits.cost.is_none_or(|most| all <= most * (1.0 + 1e-9) && self.spent.cost < most)
    }

    fn fits_tokens(&self, each: u64) -> bool {
        let calls = u64::from(self.in_flight) + 1;
        let all = self.spent.tokens.saturating_add(calls.saturating_mul(each));
        self.limits.tokens.is_none_or(|most| all <= most && self.spent.tokens < most)
    }

    fn take(&mut self, charge: &Charge) {
        let each = self.largest.or(self.guess).unwrap_or_default();
        self.spent.cost += f64::from(charge.lost) * each.cost;
        self.spent.tokens =
            self.spent.tokens.saturating_add(u64::from(charge.lost).saturating_mul(each.tokens));
        match &charge.answer {
            Taken::Untold if self.limits.any() => self.untold("an answer does not tell its usage"),
            Taken::Nothing | Taken::Untold => {}
            Taken::Known { tokens, cost } => {
                self.spent.tokens = self.spent.tokens.saturating_add(*tokens);
                let known = cost.as_ref().ok().copied().unwrap_or_default();
                self.spent.cost += known;
                let largest = self.largest.unwrap_or_default();
                self.largest =
                    Some(Spending { cost: largest.cost.max(known), tokens: largest.tokens.max(*tokens) });
                if let (Err(model), Some(_)) = (cost, self.limits.cost) {
                    self.untold(&match model {
                        Some(model) => format!("holdline.toml has no [prices.\"{model}\"]"),
                        None => "an answer does not tell its model, and the target names none".to_owned(),
                    });
                }
            }
        }
    }

    fn untold(&mut self, why: &str) {
        let key = if self.limits.cost.is_some() { "max_cost" } else { "max_tokens" };
        let message = format!("`{key}` of {} cannot be kept: {why}", self.whose);
        self.over.get_or_insert(Over::Untold(message));
    }

    /// Ends spending, and says which limit it was.
    fn close(&mut self, guess: Option<Spending>, currency: &str) {
        if self.over.is_some() {
            return;
        }
        let each = self.largest.or(guess).unwrap_or_default();
        let (key, room) = if self.fits_money(each.cost) {
            ("max_tokens", format!("{} tokens", each.tokens))
        } else {
            ("max_cost", format!("{:.4} {currency}", each.cost))
        };
        let spent = self.told(currency);
        let message = format!("`{key}` of {} is used up: {spent}, and a call takes up to {room}", self.whose);
        self.over = Some(Over::Spent(message));
    }

    /// What was spent of what is limited: `0.0120 of 0.0150 USD spent and 900 of 1000 tokens used`.
    fn told(&self, currency: &str) -> String {
        let Spending { cost, tokens } = self.spent;
        let money = self.limits.cost.map(|most| format!("{cost:.4} of {most:.4} {currency} spent"));
        let used = self.limits.tokens.map(|most| format!("{tokens} of {most} tokens used"));
        money.into_iter().chain(used).collect::<Vec<_>>().join(" and ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn took(tokens: u64) -> Charge {
        Charge { answer: Taken::Known { tokens, cost: Ok(tokens as f64 / 100.0) }, lost: 0 }
    }

    fn tokens(most: u64) -> Limits {
        Limits { tokens: Some(most), cost: None }
    }

    /// A budget of a suite `s`, without a limit of the run.
    fn of_suite(limits: Limits, guess: Option<u64>) -> Budget {
        let budget = Budget::new("USD", Limits::default());
        budget.suite("s", limits, guess.map(|tokens| Spending { cost: 0.0, tokens }));
        budget
    }

    #[test]
    fn calls_go_one_after_the_other_until_the_first_answer_tells() {
        let budget = of_suite(tokens(100), None);
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        assert_eq!(budget.try_reserve("s"), Reserve::Later);
        budget.settle("s", &took(30));
        // 30 spent; two more of 30 fit in 100, a third does not.
        assert_eq!(
            [(); 3].map(|()| budget.try_reserve("s")),
            [Reserve::Granted, Reserve::Granted, Reserve::Later]
        );
        budget.settle("s", &took(30));
        // 60 spent and 30 in flight.
        assert_eq!(budget.try_reserve("s"), Reserve::Later);
        budget.settle("s", &took(10));
        // 70 spent: exactly one more of 30.
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        budget.settle("s", &took(30));
        assert_eq!(budget.try_reserve("s"), Reserve::Over);
        let Some(Over::Spent(message)) = budget.over("s") else { panic!() };
        assert_eq!(
            message,
            "`max_tokens` of suite `s` is used up: 100 of 100 tokens used, and a call takes up to 30 tokens"
        );
    }

    #[test]
    fn a_guess_stands_for_the_first_calls() {
        let budget = of_suite(tokens(100), Some(40));
        assert_eq!(
            [(); 3].map(|()| budget.try_reserve("s")),
            [Reserve::Granted, Reserve::Granted, Reserve::Later]
        );
        let budget = of_suite(tokens(30), Some(40));
        assert_eq!(budget.try_reserve("s"), Reserve::Over);
    }

    #[test]
    fn a_call_must_fit_the_suite_and_the_run() {
        let budget = Budget::new("EUR", Limits { cost: Some(1.0), tokens: None });
        budget.suite("a", tokens(1000), None);
        budget.suite("b", Limits::default(), None);
        assert_eq!(budget.try_reserve("a"), Reserve::Granted);
        budget.settle("a", &took(60));
        // 0.60 EUR of the run's 1.00 are spent, and another 0.60 do not fit.
        assert_eq!(budget.try_reserve("a"), Reserve::Over);
        assert_eq!(budget.try_reserve("b"), Reserve::Over, "they share it");
        let Some(Over::Spent(message)) = budget.over("b") else { panic!() };
        assert_eq!(
            message,
            "`max_cost` of the run is used up: 0.6000 of 1.0000 EUR spent, and a call takes up to 0.6000 EUR"
        );
        assert_eq!(
            budget.told("a").unwrap(),
            "budget: 60 of 1000 tokens used by suite `a`; 0.6000 of 1.0000 EUR spent by the run"
        );
    }

    #[test]
    fn what_is_from_the_cache_takes_nothing_and_what_may_have_been_answered_the_most() {
        let budget = of_suite(tokens(100), None);
        let nothing = Charge { answer: Taken::Nothing, lost: 0 };
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        budget.settle("s", &nothing);
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        assert_eq!(budget.try_reserve("s"), Reserve::Later, "still nobody knows");
        budget.settle("s", &took(40));
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        let timeout = TargetError::new(TargetErrorKind::Timeout, "late");
        budget.settle("s", &Charge::of_error(&timeout));
        assert_eq!(budget.told("s").unwrap(), "budget: 80 of 100 tokens used by suite `s`");
        let refused = TargetError::new(TargetErrorKind::Refused, "nobody there");
        assert_eq!(Charge::of_error(&refused), nothing);
    }

    #[test]
    fn a_limit_that_cannot_be_kept_ends_asking() {
        let untold = Charge { answer: Taken::Untold, lost: 0 };
        let budget = of_suite(tokens(100), None);
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        budget.settle("s", &untold);
        assert_eq!(budget.try_reserve("s"), Reserve::Over);
        assert!(
            matches!(budget.over("s"), Some(Over::Untold(why)) if why.contains("does not tell its usage"))
        );
        // Without a limit nobody needs to know.
        let budget = of_suite(Limits::default(), None);
        budget.settle("s", &untold);
        assert_eq!(budget.try_reserve("s"), Reserve::Granted);
        // A model without a price matters for money alone.
        let unpriced = Charge { answer: Taken::Known { tokens: 1, cost: Err(Some("m".into())) }, lost: 0 };
        let budget = of_suite(tokens(100), None);
        budget.settle("s", &unpriced);
        assert_eq!(budget.over("s"), None);
        let budget = of_suite(Limits { cost: Some(1.0), tokens: None }, None);
        budget.settle("s", &unpriced);
        assert!(matches!(budget.over("s"), Some(Over::Untold(why)) if why.contains("[prices.\"m\"]")));
    }
}
