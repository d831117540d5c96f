//! Covering arrays, checked by brute force that shares nothing with the generator.

use holdline::expand::covering::{
    Constraint, CoveringArray, CoveringError, Effort, Expr, Factor, Group, Model, generate, measure,
};
use std::collections::BTreeSet;

/// Factors `a`, `b`, … with values `a0`, `a1`, ….
fn factors(levels: &[usize]) -> Vec<Factor> {
    let name = |n: usize| char::from(b'a' + u8::try_from(n).unwrap()).to_string();
    let values = |n: usize, levels: usize| (0..levels).map(move |value| format!("{}{value}", name(n)));
    levels.iter().enumerate().map(|(n, levels)| Factor::new(name(n), values(n, *levels))).collect()
}

fn many(groups: &[(usize, usize)]) -> Model {
    let levels = groups.iter().flat_map(|(count, levels)| vec![*levels; *count]);
    let factor = |(n, levels): (usize, usize)| {
        Factor::new(format!("knob {n}"), (0..levels).map(|value| value.to_string()))
    };
    Model::new(levels.enumerate().map(factor).collect(), 2)
}

fn with_constraints(mut model: Model, texts: &[&str]) -> Model {
    model.constraints =
        texts.iter().map(|text| Constraint::parse(text, &model.factors).expect("it reads")).collect();
    model
}

fn made(model: &Model) -> CoveringArray {
    generate(model, 7, Effort::quick()).expect("the model can be covered")
}

/// All rows of a model: the full product.
fn product(model: &Model) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new()];
    for factor in &model.factors {
        rows = rows
            .into_iter()
            .flat_map(|row| {
                (0..factor.values.len()).map(move |value| {
                    let mut row = row.clone();
                    row.push(value);
                    row
                })
            })
            .collect();
    }
    rows
}

/// Whether a row makes an expression true, by its definition.
fn is_true(expr: &Expr, row: &[usize]) -> bool {
    match expr {
        Expr::Is(factor, value) => row[*factor] == *value,
        Expr::IsNot(factor, value) => row[*factor] != *value,
        Expr::In(factor, values) => values.contains(&row[*factor]),
        Expr::Not(inner) => !is_true(inner, row),
        Expr::And(parts) => parts.iter().all(|part| is_true(part, row)),
        Expr::Or(parts) => parts.iter().any(|part| is_true(part, row)),
        Expr::Implies(given, then) => !is_true(given, row) || is_true(then, row),
    }
}

fn is_valid(model: &Model, row: &[usize]) -> bool {
    model.constraints.iter().all(|constraint| is_true(&constraint.expr, row))
}

/// All combinations of `strength` of the chosen factors that occur in some rows.
fn tuples(rows: &[Vec<usize>], chosen: &[usize], strength: usize) -> BTreeSet<Vec<(usize, usize)>> {
    let mut subsets: Vec<Vec<usize>> = vec![Vec::new()];
    for factor in chosen {
        for n in 0..subsets.len() {
            if subsets[n].len() < strength {
                let mut subset = subsets[n].clone();
                subset.push(*factor);
                subsets.push(subset);
            }
        }
    }
    let subsets = subsets.into_iter().filter(|subset| subset.len() == strength);
    subsets
        .flat_map(|subset| {
            rows.iter().map(move |row| subset.iter().map(|factor| (*factor, row[*factor])).collect())
        })
        .collect()
}

/// Every row is valid and all that can occur does.
fn check(model: &Model, rows: &[Vec<usize>]) {
    for row in rows {
        assert!(is_valid(model, row), "{row:?} breaks a constraint");
    }
    let valid: Vec<_> = product(model).into_iter().filter(|row| is_valid(model, row)).collect();
    let all: Vec<usize> = (0..model.factors.len()).collect();
    let scopes = std::iter::once((all.as_slice(), model.strength))
        .chain(model.groups.iter().map(|group| (group.factors.as_slice(), group.strength)));
    for (chosen, strength) in scopes {
        let (wanted, got) = (tuples(&valid, chosen, strength), tuples(rows, chosen, strength));
        assert_eq!(wanted, got, "strength {strength} over {chosen:?}");
    }
}

fn missing_pairs(model: &Model, rows: &[Vec<usize>]) -> usize {
    let levels: Vec<usize> = model.factors.iter().map(|factor| factor.values.len()).collect();
    let mut missing = 0;
    for a in 0..levels.len() {
        for b in a + 1..levels.len() {
            let seen: BTreeSet<_> = rows.iter().map(|row| (row[a], row[b])).collect();
            missing += levels[a] * levels[b] - seen.len();
        }
    }
    missing
}

/// `benches/covering.rs` holds the same bars at full effort, and times it.
#[test]
fn published_models_stay_below_their_bars() {
    for (groups, bar) in [
        (&[(4, 3)][..], 9),
        (&[(13, 3)], 17),
        (&[(15, 4), (17, 3), (29, 2)], 32),
        (&[(1, 4), (39, 3), (35, 2)], 23),
        (&[(100, 2)], 10),
        (&[(20, 10)], 195),
        (&[(1, 9), (1, 6), (1, 5), (1, 4), (3, 3), (1, 2)], 54),
    ] {
        let model = many(groups);
        let array = made(&model);
        assert_eq!(missing_pairs(&model, &array.rows), 0, "{groups:?}");
        assert!(array.rows.len() <= bar, "{groups:?} took {} rows", array.rows.len());
        assert!(array.coverage.is_complete());
    }
}

#[test]
fn full_effort_reaches_the_orthogonal_array() {
    let model = many(&[(4, 3)]);
    let array = generate(&model, 1, Effort::default()).unwrap();
    assert_eq!((array.rows.len(), missing_pairs(&model, &array.rows)), (9, 0));
}

#[test]
fn each_strength_is_covered() {
    for strength in 1..=4 {
        let model = Model::new(factors(&[3, 2, 4, 2, 3]), strength);
        let array = made(&model);
        check(&model, &array.rows);
        // No fewer than the largest product of as many factors, and far fewer than all 144.
        let least = [4, 12, 36, 72][strength - 1];
        assert!((least..=least * 3 / 2).contains(&array.rows.len()), "{strength}: {}", array.rows.len());
    }
}

#[test]
fn a_strength_above_the_number_of_factors_means_all_of_them() {
    let model = Model::new(factors(&[3, 2]), 4);
    assert_eq!(made(&model).rows.len(), 6);
    let model = Model::new(factors(&[3]), 2);
    assert_eq!(made(&model).rows.len(), 3);
}

#[test]
fn groups_have_their_own_strength() {
    let mut model = Model::new(factors(&[3, 3, 2, 2, 3, 2]), 2);
    model.groups = vec![
        Group { name: "who".into(), factors: vec![4, 0, 1], strength: 3 },
        Group { name: "how".into(), factors: vec![2, 3], strength: 2 },
    ];
    let array = made(&model);
    check(&model, &array.rows);
    assert_eq!(array.rows.len(), 27, "three factors of three values at strength 3");
    let counted: Vec<_> = array
        .coverage
        .scopes
        .iter()
        .map(|scope| (scope.group.as_deref(), scope.strength, scope.required, scope.covered))
        .collect();
    // Pairs: 3·9 among a, b, e; 9·6 between them and the rest; 3·4 among c, d, f.
    assert_eq!(counted, [(None, 2, 93, 93), (Some("who"), 3, 27, 27), (Some("how"), 2, 4, 4)]);
}

/// `SplitMix64` less its last round, for the models of the next test.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from((z ^ (z >> 27)) >> 33).unwrap()
}

#[test]
fn twenty_random_constraint_sets_leave_valid_rows_and_every_feasible_combination() {
    let mut state = 2026;
    let (mut checked, mut ruled_out, mut contradictions) = (0, 0, 0);
    while checked < 20 {
        let levels: Vec<usize> = (0..4 + next(&mut state) % 3).map(|_| 2 + next(&mut state) % 3).collect();
        let mut model = Model::new(factors(&levels), 2 + next(&mut state) % 2);
        for _ in 0..2 + next(&mut state) % 6 {
            let mut atom = || {
                let factor = next(&mut state) % levels.len();
                let value = next(&mut state) % levels[factor];
                if next(&mut state).is_multiple_of(3) {
                    Expr::IsNot(factor, value)
                } else {
                    Expr::Is(factor, value)
                }
            };
            let (a, b, c) = (atom(), atom(), atom());
            let expr = match next(&mut state) % 4 {
                0 => Expr::Not(Box::new(Expr::And(vec![a, b]))),
                1 => Expr::Implies(Box::new(a), Box::new(Expr::Or(vec![b, c]))),
                2 => Expr::Implies(Box::new(Expr::And(vec![a, b])), Box::new(c)),
                _ => Expr::Or(vec![a, b, Expr::Not(Box::new(c))]),
            };
            let text = expr.display(&model.factors).to_string();
            model.constraints.push(Constraint { text, expr });
        }
        match generate(&model, state, Effort::quick()) {
            Ok(array) => {
                check(&model, &array.rows);
                let scope = &array.coverage.scopes[0];
                assert_eq!(scope.covered, scope.required);
                ruled_out += usize::from(scope.infeasible > 0);
                let valid: Vec<_> = product(&model).into_iter().filter(|row| is_valid(&model, row)).collect();
                let all: Vec<usize> = (0..levels.len()).collect();
                assert_eq!(scope.required, tuples(&valid, &all, model.strength).len());
                let product = tuples(&product(&model), &all, model.strength).len();
                assert_eq!(scope.required + scope.infeasible, product);
                checked += 1;
            }
            Err(CoveringError::Contradiction { .. }) => {
                assert!(!product(&model).iter().any(|row| is_valid(&model, row)));
                contradictions += 1;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(ruled_out >= 15, "only {ruled_out} of the sets rule anything out");
    assert!(contradictions < 20);
}

#[test]
fn what_follows_only_from_several_constraints_is_found_infeasible() {
    // a0 needs b0, b0 needs c0, c0 needs d0: a0 with d1 never occurs, though no constraint says so.
    let model = with_constraints(
        Model::new(factors(&[2, 2, 2, 2]), 2),
        &["a = a0 => b = b0", "if b = b0 then c = c0", "c in [c0] => d != d1"],
    );
    let array = made(&model);
    check(&model, &array.rows);
    // The six ruled out: a0 with b1, c1, d1; b0 with c1, d1; c0 with d1.
    let scope = &array.coverage.scopes[0];
    assert_eq!((scope.required, scope.infeasible), (18, 6));
    assert_eq!(scope.infeasible_example.as_deref(), Some(&[(0, 0), (1, 1)][..]));
}

#[test]
fn a_value_that_never_occurs_is_reported() {
    let model = with_constraints(
        Model::new(factors(&[3, 2, 2]), 2),
        &["a = a2 => b = b0", "not (a = a2 and b = b0)"],
    );
    let array = made(&model);
    check(&model, &array.rows);
    assert_eq!(array.coverage.impossible, [(0, 2)]);
}

#[test]
fn constraints_that_leave_nothing_are_named_and_only_those() {
    let model = with_constraints(
        Model::new(factors(&[2, 2, 2]), 2),
        &["c = c0 or b = b1", "a = a0", "not (c = c1 and b = b0)", "a != a0 or b = b0", "b = b1"],
    );
    let error = generate(&model, 1, Effort::quick()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "no row at all keeps `a = a0` and `a != a0 or b = b0` and `b = b1`: loosen one of them"
    );
}

#[test]
fn rows_that_must_appear_come_first() {
    let mut model = Model::new(factors(&[3, 3, 3, 2]), 2);
    model.seeds = vec![
        vec![Some(2), Some(1), Some(0), Some(1)],
        vec![None, Some(2), None, Some(0)],
        vec![None, None, None, None],
        vec![Some(2), Some(1), Some(0), Some(1)],
    ];
    let model = with_constraints(model, &["not (b = b2 and a = a0)"]);
    let array = made(&model);
    check(&model, &array.rows);
    for (seed, row) in model.seeds.iter().zip(&array.rows) {
        assert!(seed.iter().zip(row).all(|(seed, value)| seed.is_none_or(|seed| seed == *value)));
    }
    assert!((9..=13).contains(&array.rows.len()), "{}", array.rows.len());
}

#[test]
fn a_row_that_must_appear_and_breaks_a_constraint_is_an_error_with_both() {
    let mut model = with_constraints(
        Model::new(factors(&[2, 2, 2]), 2),
        &["c = c0 => b = b1", "a = a0 => c = c0", "a = a1 or b = b0 or c = c1"],
    );
    model.seeds = vec![vec![Some(1), None, None], vec![Some(0), Some(0), None]];
    let error = generate(&model, 1, Effort::quick()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "row 2, which must appear, breaks `c = c0 => b = b1` and `a = a0 => c = c0`: change the row or the constraint"
    );
}

#[test]
fn shares_are_met_and_rows_are_added_for_them() {
    let mut model = Model::new(factors(&[4, 3, 3]), 2);
    // Covering takes three rows with a0 of twelve: a share of 10 % needs twenty rows or more.
    model.factors[0].shares = vec![(0, 0.1)];
    model.factors[1].shares = vec![(2, 0.5), (0, 0.2)];
    let array = made(&model);
    check(&model, &array.rows);
    assert!(array.rows.len() >= 20);
    for (factor, value, share) in [(0, 0, 0.1), (1, 2, 0.5), (1, 0, 0.2)] {
        let count = array.rows.iter().filter(|row| row[factor] == value).count() as f64;
        assert!((count - share * array.rows.len() as f64).abs() <= 1.0, "{factor} {value}: {count}");
        let reached = array.shares.iter().find(|s| (s.factor, s.value) == (factor, value)).unwrap();
        assert!(reached.met);
    }
}

#[test]
fn a_share_that_cannot_be_met_adds_nothing_and_is_said() {
    let mut model = with_constraints(Model::new(factors(&[3, 3]), 2), &["a != a1"]);
    model.factors[0].shares = vec![(1, 0.5)];
    let array = made(&model);
    assert_eq!(array.rows.len(), 6);
    assert_eq!((array.shares[0].rows, array.shares[0].met), (0, false));
}

#[test]
fn weights_decide_where_coverage_leaves_a_choice() {
    let mut model = Model::new(factors(&[4, 4, 3]), 2);
    model.factors[2].weights = Some(vec![6.0, 1.0, 1.0]);
    let array = made(&model);
    check(&model, &array.rows);
    assert_eq!(array.rows.len(), 16);
    // Each value needs four rows; the other four are free.
    let heavy = array.rows.iter().filter(|row| row[2] == 0).count();
    assert!(heavy >= 7, "{heavy} of 16");

    model.rows = Some(40);
    let array = made(&model);
    let counts: Vec<_> =
        (0..3).map(|value| array.rows.iter().filter(|row| row[2] == value).count()).collect();
    // 6 : 1 : 1 of 40, but for what coverage needs; only 16 distinct rows have the heavy value.
    assert_eq!(counts[0], 16);
    assert_eq!(array.rows.iter().collect::<BTreeSet<_>>().len(), 40);
}

#[test]
fn weights_are_the_distribution_of_further_rows() {
    let mut model = Model::new(factors(&[3, 4, 4, 4, 4]), 2);
    model.factors[0].weights = Some(vec![5.0, 3.0, 2.0]);
    model.rows = Some(200);
    let array = made(&model);
    check(&model, &array.rows);
    let counts: Vec<_> =
        (0..3).map(|value| array.rows.iter().filter(|row| row[0] == value).count()).collect();
    assert_eq!(counts, [100, 60, 40]);
}

#[test]
fn a_value_of_weight_0_is_covered_and_no_more() {
    let mut model = Model::new(factors(&[3, 3, 3]), 2);
    model.factors[0].weights = Some(vec![1.0, 1.0, 0.0]);
    model.rows = Some(18);
    let array = made(&model);
    check(&model, &array.rows);
    assert_eq!(array.rows.iter().filter(|row| row[0] == 2).count(), 3);
}

#[test]
fn more_rows_than_needed_are_valid_and_distinct_while_there_are_any() {
    let mut model = with_constraints(Model::new(factors(&[3, 2, 2]), 2), &["not (a = a0 and b = b1)"]);
    for (rows, distinct) in [(8, 8), (10, 10), (14, 10)] {
        model.rows = Some(rows);
        let array = made(&model);
        check(&model, &array.rows);
        assert_eq!(array.rows.len(), rows);
        assert_eq!(array.rows.iter().collect::<BTreeSet<_>>().len(), distinct);
    }
}

#[test]
fn fewer_rows_than_needed_cover_as_much_as_they_can() {
    let mut model = Model::new(factors(&[4, 3, 3, 2]), 2);
    let full = made(&model);
    let mut before = usize::MAX;
    for rows in 1..full.rows.len() {
        let covered = |rows: usize| measure(&model, &full.rows[..rows]).unwrap().scopes[0].covered;
        let gained = covered(rows) - if rows == 1 { 0 } else { covered(rows - 1) };
        assert!(gained <= before, "row {rows} would have come earlier");
        before = gained;
    }
    model.rows = Some(3);
    let array = made(&model);
    assert_eq!(array.rows, full.rows[..3]);
    // Three rows of four values each can have no pair in common.
    assert_eq!(array.coverage.scopes[0].covered, 18);
    assert!(!array.coverage.is_complete());
}

#[test]
fn the_same_arguments_give_the_same_rows() {
    let mut model = Model::new(factors(&[4, 3, 3, 2, 5]), 2);
    model.factors[1].shares = vec![(0, 0.5)];
    model.factors[2].weights = Some(vec![1.0, 2.0, 3.0]);
    model.rows = Some(40);
    let model = with_constraints(model, &["if a = a3 then e in [e0, e4]"]);
    let once = generate(&model, 11, Effort::default()).unwrap();
    assert_eq!(once, generate(&model, 11, Effort::default()).unwrap());
    assert_ne!(once.rows, generate(&model, 12, Effort::default()).unwrap().rows);
}

#[test]
fn given_rows_are_measured_and_broken_ones_cover_nothing() {
    let model = with_constraints(Model::new(factors(&[2, 2, 2]), 2), &["not (a = a0 and b = b0)"]);
    // The second breaks the constraint; the others have 3 pairs each, one in common.
    let coverage = measure(&model, &[vec![0, 1, 0], vec![0, 0, 1], vec![1, 1, 0]]).unwrap();
    let scope = &coverage.scopes[0];
    assert_eq!((scope.required, scope.covered, scope.infeasible), (11, 5, 1));
    assert_eq!(scope.missing_example.as_deref(), Some(&[(0, 1), (1, 0)][..]));
    assert_eq!(scope.infeasible_example.as_deref(), Some(&[(0, 0), (1, 0)][..]));
    assert_eq!(coverage.broken, [1]);
    assert!(measure(&model, &[]).unwrap().scopes[0].covered == 0);
    for (row, message) in [
        (vec![0, 1], "row 1 has 2 values and there are 3 knobs: give one for each"),
        (vec![0, 2, 0], "row 1 gives knob `b` its value number 2, which does not exist"),
    ] {
        assert_eq!(measure(&model, &[row]).unwrap_err().to_string(), message);
    }
}

#[test]
fn a_model_that_makes_no_sense_is_an_error_with_the_mend() {
    let model = || Model::new(factors(&[2, 2]), 2);
    let changed = |change: fn(&mut Model)| {
        let mut model = model();
        change(&mut model);
        generate(&model, 1, Effort::quick()).unwrap_err().to_string()
    };
    for (message, error) in [
        (
            changed(|model| model.factors.clear()),
            "there is no knob to vary: name one with two or more values",
        ),
        (changed(|model| model.factors[0].values.clear()), "knob `a` has no values: list at least one"),
        (changed(|model| model.factors[1].name = "a".into()), "two knobs are called `a`: rename one"),
        (
            changed(|model| model.factors[1].values[1] = "b0".into()),
            "knob `b` lists the value `b0` twice: remove one",
        ),
        (changed(|model| model.strength = 5), "the strength is 5: choose 1, 2, 3 or 4"),
        (changed(|model| model.strength = 0), "the strength is 0: choose 1, 2, 3 or 4"),
        (
            changed(|model| {
                model.groups = vec![Group { name: "g".into(), factors: vec![0, 0], strength: 2 }];
            }),
            "group `g` names a knob twice or one that does not exist",
        ),
        (
            changed(|model| {
                model.groups = vec![Group { name: "g".into(), factors: vec![0, 1], strength: 3 }];
            }),
            "group `g` has strength 3: choose 1 to 2",
        ),
        (
            changed(|model| model.factors[0].weights = Some(vec![1.0])),
            "knob `a` has 1 weights for 2 values: give one for each",
        ),
        (
            changed(|model| model.factors[0].weights = Some(vec![1.0, f64::NAN])),
            "the weights of knob `a` must be numbers of 0 or more, and one above 0",
        ),
        (
            changed(|model| model.factors[0].shares = vec![(2, 0.5)]),
            "knob `a` has a share for value number 2, which does not exist or has one already",
        ),
        (
            changed(|model| model.factors[0].shares = vec![(0, 0.0)]),
            "the share of `a0` of knob `a` must be above 0 and at most 1: a constraint keeps a value out",
        ),
        (
            changed(|model| model.factors[0].shares = vec![(0, 0.6), (1, 0.6)]),
            "the shares of knob `a` add up to more than 1: lower them",
        ),
        (
            changed(|model| model.seeds = vec![vec![None; 2], vec![None]]),
            "row 2 has 1 values and there are 2 knobs: give one for each",
        ),
        (
            changed(|model| {
                model.seeds = vec![vec![None; 2]; 3];
                model.rows = Some(2);
            }),
            "2 rows are asked for and 3 must appear: ask for 3 or more",
        ),
        (
            changed(|model| model.rows = Some(1_000_000)),
            "1000000 rows are too many: at most 50000 can be covered",
        ),
        (
            changed(|model| {
                model.constraints = vec![Constraint { text: String::new(), expr: Expr::Is(0, 2) }];
            }),
            "constraint 1 is not about these knobs: read it again over them",
        ),
    ] {
        assert_eq!(message, error);
    }
}

#[test]
fn a_model_that_is_too_large_is_refused_before_it_is_begun() {
    let mut model = many(&[(300, 10)]);
    model.strength = 4;
    let error = generate(&model, 1, Effort::quick()).unwrap_err().to_string();
    assert_eq!(
        error,
        "more than 4000000 combinations would have to be covered: lower the strength or use fewer values"
    );
    let error = generate(&many(&[(401, 2)]), 1, Effort::quick()).unwrap_err().to_string();
    assert_eq!(error, "401 knobs are too many: at most 400 can be covered");
}
