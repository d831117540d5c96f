//! Which rows the constraints allow: exact search with propagation.

use super::constraint::Expr;
use super::model::{CoveringError, Model};

/// A factor's value in a row. Values are limited to far below this type's range.
pub(super) type Value = u16;

pub(super) fn small(value: usize) -> Value {
    Value::try_from(value).unwrap_or(Value::MAX)
}

/// Constraint checks in one search before it is given up as too hard: about a second.
const MAX_STEPS: u64 = 2_000_000;
/// The same over all searches of one solver.
const MAX_STEPS_IN_ALL: u64 = 200_000_000;

/// A constraint with `not` pushed down into the sets of allowed values.
#[derive(Clone, Debug)]
enum Formula {
    In { factor: usize, allowed: Vec<bool> },
    All(Vec<Formula>),
    Any(Vec<Formula>),
}

impl Formula {
    fn of(expr: &Expr, wanted: bool, levels: &[usize]) -> Self {
        let within = |factor: usize, values: &[usize], inside: bool| {
            let allowed = (0..levels[factor]).map(|value| values.contains(&value) == inside).collect();
            Self::In { factor, allowed }
        };
        let each = |parts: &[Expr]| parts.iter().map(|part| Self::of(part, wanted, levels)).collect();
        match expr {
            Expr::Is(factor, value) => within(*factor, &[*value], wanted),
            Expr::IsNot(factor, value) => within(*factor, &[*value], !wanted),
            Expr::In(factor, values) => within(*factor, values, wanted),
            Expr::Not(inner) => Self::of(inner, !wanted, levels),
            Expr::And(parts) if wanted => Self::All(each(parts)),
            Expr::Or(parts) if !wanted => Self::All(each(parts)),
            Expr::And(parts) | Expr::Or(parts) => Self::Any(each(parts)),
            Expr::Implies(given, then) => {
                let parts = vec![Self::of(given, !wanted, levels), Self::of(then, wanted, levels)];
                if wanted { Self::Any(parts) } else { Self::All(parts) }
            }
        }
    }

    fn holds(&self, row: &[Value]) -> bool {
        match self {
            Self::In { factor, allowed } => allowed[usize::from(row[*factor])],
            Self::All(parts) => parts.iter().all(|part| part.holds(row)),
            Self::Any(parts) => parts.iter().any(|part| part.holds(row)),
        }
    }

    fn factors(&self, into: &mut Vec<usize>) {
        match self {
            Self::In { factor, .. } => into.push(*factor),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.factors(into)),
        }
    }
}

/// The constraints of a model, ready to be checked and searched.
#[derive(Clone, Debug)]
pub(super) struct Rules {
    levels: Vec<usize>,
    formulas: Vec<Formula>,
    /// For each factor, the constraints that speak of it.
    touching: Vec<Vec<usize>>,
}

impl Rules {
    pub fn of(model: &Model) -> Self {
        Self::of_some(model, |_| true)
    }

    /// Those constraints alone whose number `kept` approves.
    fn of_some(model: &Model, kept: impl Fn(usize) -> bool) -> Self {
        let levels = model.levels();
        let mut touching = vec![Vec::new(); levels.len()];
        let mut formulas = Vec::new();
        for (_, constraint) in model.constraints.iter().enumerate().filter(|(n, _)| kept(*n)) {
            let formula = Formula::of(&constraint.expr, true, &levels);
            let mut factors = Vec::new();
            formula.factors(&mut factors);
            factors.sort_unstable();
            factors.dedup();
            for factor in factors {
                touching[factor].push(formulas.len());
            }
            formulas.push(formula);
        }
        Self { levels, formulas, touching }
    }

    pub fn are_none(&self) -> bool {
        self.formulas.is_empty()
    }

    pub fn touch(&self, factor: usize) -> bool {
        !self.touching[factor].is_empty()
    }

    pub fn hold(&self, row: &[Value]) -> bool {
        self.formulas.iter().all(|formula| formula.holds(row))
    }

    /// Whether the constraints that speak of `factor` hold.
    pub fn hold_around(&self, row: &[Value], factor: usize) -> bool {
        self.touching[factor].iter().all(|n| self.formulas[*n].holds(row))
    }
}

/// A smallest set of the model's constraints that, with `fixed`, leaves nothing: none can be spared.
/// Empty when they do leave something.
pub(super) fn blame(model: &Model, fixed: &[Option<usize>]) -> Result<Vec<String>, CoveringError> {
    let fails = |kept: &[bool]| -> Result<bool, CoveringError> {
        let rules = Rules::of_some(model, |n| kept[n]);
        Ok(Solver::new(&rules).complete_partial(fixed)?.is_none())
    };
    let mut kept = vec![true; model.constraints.len()];
    if !fails(&kept)? {
        return Ok(Vec::new());
    }
    for n in 0..kept.len() {
        kept[n] = false;
        kept[n] = !fails(&kept)?;
    }
    let blamed = model.constraints.iter().zip(kept).filter(|(_, kept)| *kept);
    Ok(blamed.map(|(constraint, _)| constraint.text.clone()).collect())
}

/// What is left of every factor's values while a row is being completed.
pub(super) struct Solver<'a> {
    rules: &'a Rules,
    /// Where each factor's values begin in `alive`.
    start: Vec<usize>,
    alive: Vec<bool>,
    left: Vec<usize>,
    /// Values taken away, newest last, for going back.
    trail: Vec<(usize, usize)>,
    /// Constraints to look at again, each once.
    dirty: Vec<usize>,
    is_dirty: Vec<bool>,
    /// Constraints looked at so far.
    pub steps: u64,
    /// Where the search now under way has to end.
    most_steps: u64,
    /// The constraints leave nothing at all.
    hopeless: bool,
}

impl<'a> Solver<'a> {
    pub fn new(rules: &'a Rules) -> Self {
        let mut start = Vec::with_capacity(rules.levels.len());
        let mut total = 0;
        for levels in &rules.levels {
            start.push(total);
            total += levels;
        }
        let mut solver = Self {
            rules,
            start,
            alive: vec![true; total],
            left: rules.levels.clone(),
            trail: Vec::new(),
            dirty: (0..rules.formulas.len()).collect(),
            is_dirty: vec![true; rules.formulas.len()],
            steps: 0,
            most_steps: 0,
            hopeless: false,
        };
        solver.hopeless = !solver.propagate();
        solver
    }

    /// The place to come back to.
    pub fn mark(&self) -> usize {
        self.trail.len()
    }

    pub fn undo(&mut self, mark: usize) {
        while self.trail.len() > mark {
            if let Some((factor, value)) = self.trail.pop() {
                self.alive[self.start[factor] + value] = true;
                self.left[factor] += 1;
            }
        }
        self.forget();
    }

    /// Nothing is to be looked at again.
    fn forget(&mut self) {
        for n in self.dirty.drain(..) {
            self.is_dirty[n] = false;
        }
    }

    /// Fixes a factor's value and draws the conclusions; false when that is seen to leave nothing.
    pub fn assign(&mut self, factor: usize, value: usize) -> bool {
        for other in 0..self.rules.levels[factor] {
            if other != value {
                self.remove(factor, other);
            }
        }
        self.left[factor] == 1 && self.alive[self.start[factor] + value] && self.propagate()
    }

    /// A row within what is left, as near to `prefer` as comes first; what is left stays as it was.
    pub fn complete(&mut self, prefer: &[Value]) -> Result<Option<Vec<Value>>, CoveringError> {
        let mut found = None;
        self.search(prefer, false, &mut |row| {
            found = Some(row.to_vec());
            true
        })?;
        Ok(found)
    }

    /// A row with these places fixed.
    pub fn complete_partial(&mut self, fixed: &[Option<usize>]) -> Result<Option<Vec<Value>>, CoveringError> {
        let mark = self.mark();
        let fits =
            fixed.iter().enumerate().all(|(factor, value)| value.is_none_or(|v| self.assign(factor, v)));
        let row = if fits { self.complete(&vec![0; fixed.len()]) } else { Ok(None) };
        self.undo(mark);
        row
    }

    /// Goes through the rows within what is left until one is accepted. `every` factor is varied, or only
    /// those that constraints speak of.
    pub fn search(
        &mut self,
        prefer: &[Value],
        every: bool,
        accept: &mut dyn FnMut(&[Value]) -> bool,
    ) -> Result<bool, CoveringError> {
        if self.hopeless {
            return Ok(false);
        }
        self.most_steps = (self.steps + MAX_STEPS).min(MAX_STEPS_IN_ALL);
        self.descend(prefer, every, accept)
    }

    fn descend(
        &mut self,
        prefer: &[Value],
        every: bool,
        accept: &mut dyn FnMut(&[Value]) -> bool,
    ) -> Result<bool, CoveringError> {
        let rules = self.rules;
        let open = (0..self.left.len())
            .filter(|factor| self.left[*factor] > 1 && (every || rules.touch(*factor)))
            .min_by_key(|factor| self.left[*factor]);
        let Some(factor) = open else {
            let row: Vec<Value> = (0..self.left.len()).map(|factor| self.pick(factor, prefer)).collect();
            return Ok(accept(&row));
        };
        let levels = rules.levels[factor];
        let first = usize::from(prefer[factor]);
        for n in 0..levels {
            let value = (first + n) % levels;
            if !self.alive[self.start[factor] + value] {
                continue;
            }
            if self.steps > self.most_steps {
                return Err(CoveringError::TooHard);
            }
            let mark = self.mark();
            let found =
                if self.assign(factor, value) { self.descend(prefer, every, accept) } else { Ok(false) };
            self.undo(mark);
            if !matches!(found, Ok(false)) {
                return found;
            }
        }
        Ok(false)
    }

    /// The preferred value if it is left, else the first that is.
    fn pick(&self, factor: usize, prefer: &[Value]) -> Value {
        let start = self.start[factor];
        if self.alive[start + usize::from(prefer[factor])] {
            return prefer[factor];
        }
        small((0..self.rules.levels[factor]).find(|value| self.alive[start + value]).unwrap_or(0))
    }

    fn remove(&mut self, factor: usize, value: usize) {
        let alive = &mut self.alive[self.start[factor] + value];
        if *alive {
            *alive = false;
            self.left[factor] -= 1;
            self.trail.push((factor, value));
            for n in &self.rules.touching[factor] {
                if !self.is_dirty[*n] {
                    self.is_dirty[*n] = true;
                    self.dirty.push(*n);
                }
            }
        }
    }

    /// Looks at changed constraints until nothing more follows; false when one cannot hold any more.
    fn propagate(&mut self) -> bool {
        let rules = self.rules;
        while let Some(n) = self.dirty.pop() {
            self.is_dirty[n] = false;
            self.steps += 1;
            if !self.require(&rules.formulas[n]) {
                self.forget();
                return false;
            }
        }
        true
    }

    /// Takes away what a formula that must hold rules out.
    fn require(&mut self, formula: &Formula) -> bool {
        match formula {
            Formula::In { factor, allowed } => {
                for (value, allowed) in allowed.iter().enumerate() {
                    if !allowed {
                        self.remove(*factor, value);
                    }
                }
                self.left[*factor] > 0
            }
            Formula::All(parts) => parts.iter().all(|part| self.require(part)),
            Formula::Any(parts) => {
                let mut only = None;
                for part in parts {
                    match self.truth(part) {
                        Some(true) => return true,
                        Some(false) => {}
                        None if only.is_some() => return true,
                        None => only = Some(part),
                    }
                }
                only.is_some_and(|part| self.require(part))
            }
        }
    }

    /// Whether it holds for all that is left, for nothing, or neither.
    fn truth(&self, formula: &Formula) -> Option<bool> {
        match formula {
            Formula::In { factor, allowed } => {
                let alive = &self.alive[self.start[*factor]..];
                let some = |wanted: bool| allowed.iter().zip(alive).any(|(a, left)| *left && *a == wanted);
                match (some(true), some(false)) {
                    (true, true) => None,
                    (inside, _) => Some(inside),
                }
            }
            Formula::All(parts) => self.joined(parts, false),
            Formula::Any(parts) => self.joined(parts, true),
        }
    }

    /// `decisive` if one part is, unknown if one part is, else the opposite.
    fn joined(&self, parts: &[Formula], decisive: bool) -> Option<bool> {
        let mut unknown = false;
        for part in parts {
            match self.truth(part) {
                Some(truth) if truth == decisive => return Some(decisive),
                Some(_) => {}
                None => unknown = true,
            }
        }
        if unknown { None } else { Some(!decisive) }
    }
}
