//! The policy: figures that rules count with, and all of them by name for the texts of answers.

use crate::bot::BotError;
use serde::Deserialize;

const POLICY: &str = include_str!("policy.toml");

/// The figures that rules count with.
#[derive(Debug, Deserialize)]
pub struct Policy {
    pub refund: Refund,
    pub shipping: Shipping,
    pub warranty: Warranty,
    pub subscription: Subscription,
}

#[derive(Debug, Deserialize)]
pub struct Refund {
    pub window_days: i32,
    pub fee_percent: f64,
}

#[derive(Debug, Deserialize)]
pub struct Shipping {
    pub lost_after: i32,
}

#[derive(Debug, Deserialize)]
pub struct Warranty {
    pub years: i32,
    pub battery_months: i32,
}

#[derive(Debug, Deserialize)]
pub struct Subscription {
    pub refund_days: i32,
}

/// The policy as it is written.
pub struct Written(toml::Table);

impl Written {
    /// Reads the policy that comes with the bot, for texts and for rules.
    pub fn shipped() -> Result<(Self, Policy), toml::de::Error> {
        Ok((Self(toml::from_str(POLICY)?), toml::from_str(POLICY)?))
    }

    /// A text with its places filled in: `{refund.window_days}` is what the policy says there.
    pub fn fill(&self, text: &str) -> Result<String, BotError> {
        let (mut out, mut rest) = (String::new(), text);
        while let Some((before, after)) = rest.split_once('{') {
            let (name, after) = after.split_once('}').ok_or_else(|| BotError::place(rest))?;
            out.push_str(before);
            out.push_str(&self.value(name).ok_or_else(|| BotError::place(name))?);
            rest = after;
        }
        Ok(out + rest)
    }

    fn value(&self, name: &str) -> Option<String> {
        let (section, key) = name.split_once('.')?;
        match self.0.get(section)?.get(key)? {
            toml::Value::String(text) => Some(text.clone()),
            toml::Value::Integer(number) => Some(number.to_string()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_from_the_policy_and_unknown_ones_refused() {
        let (written, _) = Written::shipped().unwrap();
        assert_eq!(
            written.fill("{warranty.years} years, {refund.label_price} euros").unwrap(),
            "2 years, 4.90 euros"
        );
        assert!(written.fill("{refund.nothing}").is_err());
        assert!(written.fill("an open {refund").is_err());
    }
}
