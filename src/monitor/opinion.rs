//! What a user or a person said of an answer, in the many ways in which logs write it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What somebody said of an answer, before it is known on which scale numbers are meant.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Said {
    /// It is good, in a word.
    Good,
    /// It is bad, in a word.
    Bad,
    /// Neither, or several who disagree.
    Neither,
    /// A number on the scale of all numbers of its source.
    Number(f64),
    /// A number on a scale of its own, as a share of that, 0 to 1.
    Share(f64),
}

/// What that comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Opinion {
    /// The answer is good.
    Good,
    /// The answer is bad.
    Bad,
    /// Neither.
    Neither,
}

/// The two ends of a scale: the worst number and the best.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Worst.
    pub low: f64,
    /// Best.
    pub high: f64,
}

/// From this share of a scale up a number is good; the same from the other end is bad.
const GOOD: f64 = 0.75;

/// Words for good, in lower case and without `_`, `-` and spaces.
const GOOD_WORDS: [&str; 22] = [
    "up", "thumbsup", "positive", "good", "like", "liked", "helpful", "yes", "true", "pass", "passed",
    "correct", "accept", "accepted", "resolved", "👍", "👍🏻", "👍🏼", "👍🏽", "👍🏾", "👍🏿", "+",
];

/// Words for bad.
const BAD_WORDS: [&str; 25] = [
    "down",
    "thumbsdown",
    "negative",
    "bad",
    "dislike",
    "disliked",
    "unhelpful",
    "nothelpful",
    "no",
    "false",
    "fail",
    "failed",
    "incorrect",
    "wrong",
    "reject",
    "rejected",
    "unresolved",
    "👎",
    "👎🏻",
    "👎🏼",
    "👎🏽",
    "👎🏾",
    "👎🏿",
    "-",
    "notresolved",
];

/// Words for neither.
const NEITHER_WORDS: [&str; 8] =
    ["neutral", "neither", "mixed", "unsure", "unknown", "partial", "maybe", "skipped"];

impl Said {
    /// Reads what a log says; nothing where it says nothing (`null`, an empty text or list), and an error where it
    /// cannot be told what is meant. Of a list all must agree, or it is neither.
    pub fn read(value: &Value) -> Result<Option<Self>, String> {
        let unread = || Err(format!("what `{}` means is not known", short(value)));
        match value {
            Value::Null => Ok(None),
            Value::Bool(good) => Ok(Some(if *good { Self::Good } else { Self::Bad })),
            Value::Number(number) => Ok(number.as_f64().map(Self::Number)),
            Value::String(text) => match word(text) {
                None if text.trim().is_empty() => Ok(None),
                None => unread(),
                some => Ok(some),
            },
            Value::Array(list) => {
                let mut said = Vec::new();
                for one in list {
                    said.extend(Self::read(one)?);
                }
                let all = |first: &Self| said.iter().all(|other| other == first);
                Ok(said.first().map(|first| if all(first) { *first } else { Self::Neither }))
            }
            Value::Object(fields) => {
                if let Some(rating) =
                    fields.get("rating").or_else(|| fields.get("stars")).and_then(Value::as_f64)
                {
                    let of =
                        ["max", "of", "out_of", "scale"].iter().find_map(|key| fields.get(*key)?.as_f64());
                    let low = fields.get("min").and_then(Value::as_f64);
                    let scale = Scale { low: low.unwrap_or(1.0), high: of.unwrap_or(5.0) };
                    return scale.share(rating).map_or_else(unread, |share| Ok(Some(Self::Share(share))));
                }
                for key in ["verdict", "value", "thumbs", "thumb", "label", "score", "feedback"] {
                    if let Some(found) = fields.get(key).filter(|found| !found.is_null()) {
                        return Self::read(found);
                    }
                }
                if fields.is_empty() { Ok(None) } else { unread() }
            }
        }
    }

    /// What it comes to where numbers are on this scale; nothing for a number that is not on it.
    pub fn on(self, scale: Scale) -> Option<Opinion> {
        Some(match self {
            Self::Good => Opinion::Good,
            Self::Bad => Opinion::Bad,
            Self::Neither => Opinion::Neither,
            Self::Share(share) => of_share(share),
            Self::Number(number) => of_share(scale.share(number)?),
        })
    }
}

impl Scale {
    /// A thumb: 0 is down, 1 is up.
    pub const THUMB: Self = Self { low: 0.0, high: 1.0 };

    /// The scale that numbers of one source are on, by the least and the largest of them: 1 to 5 where one is above
    /// 1, −1 to 1 where one is below 0, else 0 to 1. Nothing where it is none of these.
    pub fn of(least: f64, largest: f64) -> Option<Self> {
        if largest > 1.0 {
            (least >= 1.0 && largest <= 5.0).then_some(Self { low: 1.0, high: 5.0 })
        } else if least < 0.0 {
            (least >= -1.0).then_some(Self { low: -1.0, high: 1.0 })
        } else {
            Some(Self::THUMB)
        }
    }

    /// Where a number is on the scale, 0 to 1.
    fn share(self, number: f64) -> Option<f64> {
        let share = (number - self.low) / (self.high - self.low);
        (0.0..=1.0).contains(&share).then_some(share)
    }
}

fn of_share(share: f64) -> Opinion {
    if share >= GOOD {
        Opinion::Good
    } else if share <= 1.0 - GOOD {
        Opinion::Bad
    } else {
        Opinion::Neither
    }
}

/// A value as a message shows it.
fn short(value: &Value) -> String {
    const SHOWN: usize = 60;
    let text = value.to_string();
    let mut short: String = text.chars().take(SHOWN).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

fn word(text: &str) -> Option<Said> {
    let bare: String =
        text.trim().chars().filter(|c| !matches!(c, '_' | ' ')).flat_map(char::to_lowercase).collect();
    let bare = if bare.chars().count() > 1 { bare.replace('-', "") } else { bare };
    let bare = bare.as_str();
    if GOOD_WORDS.contains(&bare) {
        Some(Said::Good)
    } else if BAD_WORDS.contains(&bare) {
        Some(Said::Bad)
    } else if NEITHER_WORDS.contains(&bare) {
        Some(Said::Neither)
    } else {
        text.trim().parse().ok().filter(|number: &f64| number.is_finite()).map(Said::Number)
    }
}

/// A scale as the command line gives it: `1..5`.
impl std::str::FromStr for Scale {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let ends =
            text.split_once("..").and_then(|(low, high)| Some((low.parse().ok()?, high.parse().ok()?)));
        match ends {
            Some((low, high)) if f64::is_finite(low) && f64::is_finite(high) && low < high => {
                Ok(Self { low, high })
            }
            _ => Err("a scale is its worst number and its best, as in `1..5`".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[expect(clippy::needless_pass_by_value, reason = "values are written where they are read")]
    fn read(value: Value) -> Option<Said> {
        Said::read(&value).unwrap()
    }

    #[test]
    fn words_booleans_and_thumbs_say_good_or_bad() {
        for good in [
            json!("up"),
            json!("Thumbs_Up"),
            json!(true),
            json!("👍"),
            json!({"thumbs": "up"}),
            json!("PASS"),
        ] {
            assert_eq!(read(good.clone()), Some(Said::Good), "{good}");
        }
        for bad in
            [json!("down"), json!("thumbs-down"), json!(false), json!("👎"), json!({"verdict": "fail"})]
        {
            assert_eq!(read(bad.clone()), Some(Said::Bad), "{bad}");
        }
        assert_eq!(read(json!("neutral")), Some(Said::Neither));
        for nothing in [json!(null), json!(""), json!([]), json!({})] {
            assert_eq!(read(nothing.clone()), None, "{nothing}");
        }
        for unknown in [json!("purple"), json!({"mood": "up"}), json!({"rating": 9})] {
            assert!(Said::read(&unknown).is_err(), "{unknown}");
        }
    }

    #[test]
    fn those_who_disagree_say_neither() {
        assert_eq!(read(json!(["up", true])), Some(Said::Good));
        assert_eq!(read(json!(["pass", "fail"])), Some(Said::Neither));
    }

    #[test]
    fn the_scale_of_numbers_is_known_by_all_of_them() {
        assert_eq!(Scale::of(0.0, 1.0), Some(Scale::THUMB));
        assert_eq!(Scale::of(-1.0, 1.0), Some(Scale { low: -1.0, high: 1.0 }));
        assert_eq!(Scale::of(1.0, 5.0), Some(Scale { low: 1.0, high: 5.0 }));
        assert_eq!(Scale::of(0.0, 5.0), None, "1 may be good or bad");
        assert_eq!(Scale::of(1.0, 10.0), None);
    }

    #[test]
    fn a_number_means_another_thing_on_another_scale() {
        let one = Said::Number(1.0);
        assert_eq!(one.on(Scale::THUMB), Some(Opinion::Good));
        assert_eq!(one.on(Scale { low: 1.0, high: 5.0 }), Some(Opinion::Bad));
        let five = Scale { low: 1.0, high: 5.0 };
        for (stars, opinion) in [(2.0, Opinion::Bad), (3.0, Opinion::Neither), (4.0, Opinion::Good)] {
            assert_eq!(Said::Number(stars).on(five), Some(opinion), "{stars}");
        }
        assert_eq!(Said::Number(0.0).on(Scale { low: -1.0, high: 1.0 }), Some(Opinion::Neither));
        assert_eq!(Said::Number(7.0).on(five), None);
        assert_eq!(read(json!({"rating": 4})).unwrap().on(Scale::THUMB), Some(Opinion::Good));
        assert_eq!(read(json!({"rating": 4, "max": 10})).unwrap().on(Scale::THUMB), Some(Opinion::Neither));
    }

    #[test]
    fn a_scale_is_read_from_its_ends() {
        assert_eq!("1..10".parse(), Ok(Scale { low: 1.0, high: 10.0 }));
        for bad in ["1-5", "5..1", "a..b", ""] {
            assert!(bad.parse::<Scale>().is_err(), "{bad}");
        }
    }
}
