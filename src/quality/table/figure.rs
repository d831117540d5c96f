//! A number that may be missing, never without a reason.

use serde::Serialize;
use std::borrow::Cow;

/// A figure of the report: a finite number, or the reason why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// The number; `None` is never 0.
    pub value: Option<f64>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Cow<'static, str>>,
}

impl Figure {
    /// A number; one that is not finite is none.
    pub fn of(value: f64) -> Self {
        if value.is_finite() {
            // No minus before a zero.
            Self { value: Some(value + 0.0), reason: None }
        } else {
            Self::none("the numbers are too large to compute with")
        }
    }

    /// No number.
    pub fn none(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { value: None, reason: Some(reason.into()) }
    }

    /// `part` of `whole`.
    pub fn share(part: usize, whole: usize) -> Self {
        if whole == 0 {
            Self::none("there is nothing to take a share of")
        } else {
            Self::of(part as f64 / whole as f64)
        }
    }

    /// The mean of the numbers among some figures; figures without a number are left out.
    pub fn mean<'a>(figures: impl IntoIterator<Item = &'a Self>, reason: &'static str) -> Self {
        let values: Vec<f64> = figures.into_iter().filter_map(|figure| figure.value).collect();
        if values.is_empty() {
            Self::none(reason)
        } else {
            Self::of(values.iter().sum::<f64>() / values.len() as f64)
        }
    }

    /// The number, changed; a reason stays.
    #[must_use]
    pub fn map(self, change: impl FnOnce(f64) -> f64) -> Self {
        match self.value {
            Some(value) => Self::of(change(value)),
            None => self,
        }
    }

    /// A number made of two; the reason of the first without one stays.
    #[must_use]
    pub fn with(&self, other: &Self, join: impl FnOnce(f64, f64) -> f64) -> Self {
        match (self.value, other.value) {
            (Some(a), Some(b)) => Self::of(join(a, b)),
            (None, _) => self.clone(),
            (_, None) => other.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Figure;

    #[test]
    fn what_is_not_finite_is_none_with_a_reason() {
        assert_eq!(Figure::of(f64::INFINITY).value, None);
        assert!(Figure::of(f64::NAN).reason.is_some());
        assert_eq!(serde_json::to_string(&Figure::share(1, 4)).unwrap(), r#"{"value":0.25}"#);
        assert_eq!(Figure::of(-0.0).value.map(f64::is_sign_negative), Some(false));
    }

    #[test]
    fn means_leave_out_what_is_none() {
        let figures = [Figure::of(1.0), Figure::none("x"), Figure::of(2.0)];
        assert_eq!(Figure::mean(&figures, "nothing").value, Some(1.5));
        assert_eq!(Figure::mean(&figures[1..2], "nothing").reason.as_deref(), Some("nothing"));
    }
}
