//! The rules of the policy that depend on more than the question: on the order, on days, on what broke.

use crate::message;
use crate::orders::Order;
use crate::policy::Policy;
use crate::reply::{Kind, Topic};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;

/// One rule of the policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Money back for a feeder.
    Refund,
    /// A feeder that is broken, or a question of what is covered.
    Warranty,
    /// Where an order is.
    Whereabouts,
    /// An order that is to go elsewhere.
    Address,
    /// An order that is not to come at all.
    CancelOrder,
    /// Money back for Plus.
    PlusRefund,
}

/// What a rule is applied to.
pub struct Facts<'f> {
    /// All that was said about it.
    pub text: &'f str,
    pub today: Date,
    /// The number of the order, and the order where there is one of that number.
    pub number: Option<&'f str>,
    pub order: Option<&'f Order>,
    /// The day that the customer speaks of.
    pub day: Option<Date>,
    pub version: u32,
}

/// What comes of it: a text whose places are still open, and whether it ends in a question.
#[derive(Debug, PartialEq)]
pub struct Outcome {
    pub kind: Kind,
    pub text: String,
    pub open: bool,
}

const REFUND_ASKS: &str = "A feeder can be sent back for a refund within {refund.window_days} days of delivery; of \
    a used one we keep {refund.fee_percent} %. What is your order number (PL- and six digits), or on what day did it arrive?";
const REFUND_HOW: &str = "Send it back with the return label from the app ({refund.label_price} euros, free if \
    the feeder is faulty); the money is paid the way you paid within {refund.paid_days} working days of its return.";
const REFUND_LATE: &str = "so I cannot refund it. Two things are still open to you: if it is \
    faulty, its warranty of {warranty.years} years; if not, a credit of {refund.trade_in_credit} euros on a new feeder when you send the old one in.";
const WARRANTY_ASKS: &str = "The warranty covers feeder and camera for {warranty.years} years from delivery, \
    and the battery for {warranty.battery_months} months. What is your order number (PL- and six digits), or when was it delivered?";
const WARRANTY_HOW: &str = "Open Device > Warranty in the app and send us a photo of the fault; the replacement \
    reaches you within {warranty.replaced_days} working days, free of charge.";
const WARRANTY_REPAIR: &str =
    "We can repair it for {warranty.repair_price} euros: open Device > Repair in the app.";
const WARRANTY_NOT: &str = "The warranty does not cover {warranty.not_covered}, so this is not free.";
const ORDER_ASKS: &str = "What is your order number? It begins with PL- and has six digits; you find it in the \
    mail that confirmed the order.";
const ORDER_LOST: &str = "That is more than {shipping.lost_after} days, so we treat it as lost: I have handed it to \
    a person at the shipping desk, who writes to you within {people.reply}.";
const ORDER_SOON: &str = "Standard delivery takes {shipping.standard_days} working days. The link to track it is in the mail about its dispatch.";
const ADDRESS_HOW: &str =
    "You can change its address yourself until it leaves: Orders > Change address in the app.";
const ADDRESS_LATE: &str = "and can no longer be changed here. The link in the mail about its dispatch leads to the \
    carrier's page, where you can choose another address or a pick-up point.";
const CANCEL_HOW: &str = "You can cancel it free of charge until it leaves: Orders > Cancel in the app. The money is paid back the way you paid.";
const CANCEL_LATE: &str = "and can no longer be cancelled. Refuse the parcel at the door, or send it back within \
    {refund.window_days} days of delivery for a refund.";
const PLUS_ASKS: &str = "A yearly payment for {subscription.name} is paid back in full within {subscription.refund_days} days; a monthly one is not. \
    Do you pay by the year or by the month, and when was it taken?";
const PLUS_MONTHLY: &str = "A monthly payment for {subscription.name} is not paid back. You can cancel now in the app \
    (Account > Plus > Cancel) and use it until the end of the month that is paid.";
const PLUS_YEARLY: &str = "Yes: a yearly payment is paid back in full within {subscription.refund_days} days. Ask for \
    it in the app under Account > Plus > Refund; the money is paid the way you paid within {refund.paid_days} working days.";
const PLUS_LATE: &str = "A yearly payment is paid back within {subscription.refund_days} days, and this one is older, so I cannot refund it. \
    You can cancel now (Account > Plus > Cancel) so that it is not renewed, and use it until the end of the year that is paid.";

/// All texts with places, so that they can be checked before anybody asks.
pub const TEXTS: [&str; 17] = [
    REFUND_ASKS,
    REFUND_HOW,
    REFUND_LATE,
    WARRANTY_ASKS,
    WARRANTY_HOW,
    WARRANTY_REPAIR,
    WARRANTY_NOT,
    ORDER_ASKS,
    ORDER_LOST,
    ORDER_SOON,
    ADDRESS_HOW,
    ADDRESS_LATE,
    CANCEL_LATE,
    PLUS_ASKS,
    PLUS_MONTHLY,
    PLUS_YEARLY,
    PLUS_LATE,
];

impl Outcome {
    fn of(kind: Kind, text: impl Into<String>) -> Self {
        Self { kind, text: text.into(), open: false }
    }

    fn asking(text: impl Into<String>) -> Self {
        Self { kind: Kind::Partial, text: text.into(), open: true }
    }
}

impl Rule {
    /// What the rule is about.
    pub const fn topic(self) -> Topic {
        match self {
            Self::Refund => Topic::Refund,
            Self::Warranty => Topic::Warranty,
            Self::Whereabouts | Self::Address | Self::CancelOrder => Topic::Shipping,
            Self::PlusRefund => Topic::Subscription,
        }
    }

    /// What the rule says of these facts.
    pub fn apply(self, facts: &Facts<'_>, policy: &Policy) -> Outcome {
        if let (Some(number), None) = (facts.number, facts.order)
            && self != Self::PlusRefund
        {
            return Outcome::asking(format!("I cannot find an order {number}. {ORDER_ASKS}"));
        }
        match self {
            Self::Refund => refund(facts, policy),
            Self::Warranty => warranty(facts, policy),
            Self::PlusRefund => plus_refund(facts, policy),
            Self::Whereabouts | Self::Address | Self::CancelOrder => self.of_order(facts, policy),
        }
    }

    fn of_order(self, facts: &Facts<'_>, policy: &Policy) -> Outcome {
        let (Some(number), Some(order)) = (facts.number, facts.order) else {
            let until = match self {
                Self::Address => "The address of an order can be changed until it is dispatched. ",
                Self::CancelOrder => "An order can be cancelled until it is dispatched. ",
                _ => "",
            };
            return Outcome::asking(format!("{until}{ORDER_ASKS}"));
        };
        match (self, order.dispatched, order.delivered) {
            (Self::Address, None, _) => {
                Outcome::of(Kind::Complete, format!("Order {number} has not left yet. {ADDRESS_HOW}"))
            }
            (Self::CancelOrder, None, _) => {
                Outcome::of(Kind::Complete, format!("Order {number} has not left yet. {CANCEL_HOW}"))
            }
            (_, None, _) => Outcome::of(
                Kind::Complete,
                format!("Order {number} of {} has not left yet. {ORDER_SOON}", shown(order.placed)),
            ),
            (Self::Whereabouts, Some(_), Some(delivered)) => Outcome::of(
                Kind::Complete,
                format!(
                    "Order {number} was delivered on {}. If you do not have it, ask for a person here.",
                    shown(delivered)
                ),
            ),
            (_, Some(left), None) if days(left, facts.today) > policy.shipping.lost_after => Outcome::of(
                Kind::Escalation,
                format!("Order {number} left us on {} and has not arrived. {ORDER_LOST}", shown(left)),
            ),
            (Self::Whereabouts, Some(left), None) => Outcome::of(
                Kind::Complete,
                format!("Order {number} left us on {} and is under way. {ORDER_SOON}", shown(left)),
            ),
            (Self::Address, Some(left), _) => Outcome::of(
                Kind::Workaround,
                format!("Order {number} left us on {} {ADDRESS_LATE}", shown(left)),
            ),
            (_, Some(left), _) => Outcome::of(
                Kind::Workaround,
                format!("Order {number} left us on {} {CANCEL_LATE}", shown(left)),
            ),
        }
    }
}

fn refund(facts: &Facts<'_>, policy: &Policy) -> Outcome {
    let Some(delivered) = facts.order.map_or(facts.day, |order| order.delivered) else {
        return match (facts.number, facts.order) {
            (Some(number), Some(order)) if order.dispatched.is_none() => {
                Outcome::of(Kind::Complete, format!("Order {number} has not left yet. {CANCEL_HOW}"))
            }
            (Some(_), Some(_)) => Rule::CancelOrder.of_order(facts, policy),
            _ => Outcome::asking(REFUND_ASKS),
        };
    };
    let (ago, window) = (days(delivered, facts.today), policy.refund.window_days);
    let what = facts.number.map_or("Your feeder".to_owned(), |number| format!("Order {number}"));
    if ago > window {
        let text = format!(
            "{what} arrived on {}, {ago} days ago; refunds end {window} days after delivery, {REFUND_LATE}",
            shown(delivered)
        );
        return Outcome::of(Kind::Workaround, text);
    }
    let last = delivered.saturating_add(window.days());
    let amounts = match facts.order {
        Some(order) => format!(
            "{:.2} euros if it is unused or faulty, {:.2} euros if it was used",
            order.price,
            order.price * (1.0 - policy.refund.fee_percent / 100.0)
        ),
        None => "in full if it is unused or faulty, less {refund.fee_percent} % if it was used".to_owned(),
    };
    Outcome::of(
        Kind::Complete,
        format!(
            "{what} arrived on {}, so you can send it back for a refund until {}: {amounts}. {REFUND_HOW}",
            shown(delivered),
            shown(last)
        ),
    )
}

fn warranty(facts: &Facts<'_>, policy: &Policy) -> Outcome {
    let stems = message::stems(facts.text);
    let says = |words: &[&str]| words.iter().any(|word| stems.contains(&message::stem(word)));
    if says(&["squirrel", "dropped", "fell", "bear", "cat", "raccoon", "pressure", "chewed", "screwdriver"]) {
        return Outcome::of(Kind::Workaround, format!("{WARRANTY_NOT} {WARRANTY_REPAIR}"));
    }
    let Some(delivered) = facts.order.map_or(facts.day, |order| order.delivered) else {
        if let Some(number) = facts.number {
            let text = format!(
                "Order {number} has not been delivered yet; its warranty begins on that day and lasts {{warranty.years}} years."
            );
            return Outcome::of(Kind::Complete, text);
        }
        return Outcome::asking(WARRANTY_ASKS);
    };
    let battery = says(&["battery", "batteries"]);
    let (part, months) = match (battery, facts.version) {
        (true, _) => ("battery", policy.warranty.battery_months),
        (false, 2..) => ("feeder", policy.warranty.years),
        (false, _) => ("feeder", policy.warranty.years * 12),
    };
    let end = delivered.saturating_add(months.months());
    if facts.today > end {
        let text = format!(
            "It was delivered on {}; the warranty on the {part} ended on {}. {WARRANTY_REPAIR}",
            shown(delivered),
            shown(end)
        );
        return Outcome::of(Kind::Workaround, text);
    }
    let text = format!(
        "It was delivered on {}, so the {part} is under warranty until {}. {WARRANTY_HOW}",
        shown(delivered),
        shown(end)
    );
    Outcome::of(Kind::Complete, text)
}

fn plus_refund(facts: &Facts<'_>, policy: &Policy) -> Outcome {
    let stems = message::stems(facts.text);
    let says = |words: &[&str]| words.iter().any(|word| stems.contains(&message::stem(word)));
    let yearly = says(&["year", "yearly", "annual", "annually"]);
    let monthly = says(&["monthly"]) || (says(&["month"]) && !yearly);
    match (monthly, yearly, facts.day) {
        (true, ..) => Outcome::of(Kind::Workaround, PLUS_MONTHLY),
        (_, true, Some(day)) if days(day, facts.today) <= policy.subscription.refund_days => {
            Outcome::of(Kind::Complete, PLUS_YEARLY)
        }
        (_, true, Some(_)) => Outcome::of(Kind::Workaround, PLUS_LATE),
        _ => Outcome::asking(PLUS_ASKS),
    }
}

fn days(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A date as customers read it.
fn shown(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orders;
    use crate::policy::Written;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 28);

    /// What a rule says of an order on a day, with the places filled in.
    fn say(rule: Rule, number: Option<&str>, today: Date, text: &str, version: u32) -> (Kind, String) {
        let (written, policy) = Written::shipped().unwrap();
        let orders = orders::shipped().unwrap();
        let order = number.and_then(|number| orders.get(number));
        let facts = Facts { text, today, number, order, day: message::day(text, today), version };
        let outcome = rule.apply(&facts, &policy);
        assert_eq!(outcome.open, outcome.kind == Kind::Partial, "a question is open as long as it is asked");
        (outcome.kind, written.fill(&outcome.text).unwrap())
    }

    #[test]
    fn the_refund_window_ends_with_its_thirtieth_day() {
        // Delivered on 29 October: 30 days later is 28 November.
        let (kind, text) = say(Rule::Refund, Some("PL-199804"), TODAY, "", 1);
        assert_eq!(kind, Kind::Complete);
        assert!(text.contains("until 28 November 2026"), "{text}");
        let (kind, text) = say(Rule::Refund, Some("PL-199804"), date(2026, 11, 29), "", 1);
        assert_eq!(kind, Kind::Workaround);
        assert!(text.contains("cannot refund") && text.contains("20.00 euros"), "{text}");
    }

    #[test]
    fn fifteen_per_cent_are_kept_of_a_used_feeder() {
        // 149.00 less 22.35.
        let (_, text) = say(Rule::Refund, Some("PL-204518"), TODAY, "", 1);
        assert!(text.contains("149.00 euros if it is unused") && text.contains("126.65 euros if"), "{text}");
    }

    #[test]
    fn an_order_that_has_not_come_is_no_case_for_the_window() {
        assert_eq!(say(Rule::Refund, Some("PL-208402"), TODAY, "", 1).0, Kind::Complete);
        let (kind, text) = say(Rule::Refund, Some("PL-207991"), TODAY, "", 1);
        assert_eq!(kind, Kind::Workaround);
        assert!(text.contains("Refuse the parcel"), "{text}");
    }

    #[test]
    fn the_warranty_is_two_years_and_that_of_the_battery_twelve_months() {
        // PL-176540 was delivered on 8 March 2025.
        let of = |text: &str, today| say(Rule::Warranty, Some("PL-176540"), today, text, 1);
        assert_eq!(of("the lens is cracked", date(2027, 3, 8)).0, Kind::Complete);
        assert_eq!(of("the lens is cracked", date(2027, 3, 9)).0, Kind::Workaround);
        assert_eq!(of("the battery is dead", date(2026, 3, 8)).0, Kind::Complete);
        assert_eq!(of("the battery is dead", date(2026, 3, 9)).0, Kind::Workaround);
    }

    #[test]
    fn the_second_version_reads_years_as_months() {
        let (kind, text) = say(Rule::Warranty, Some("PL-188233"), TODAY, "the lens is cracked", 2);
        assert_eq!(kind, Kind::Workaround);
        assert!(text.contains("ended on 2 November 2026"), "{text}");
    }

    #[test]
    fn what_an_animal_or_a_fall_broke_is_repaired_for_money() {
        for text in ["a squirrel chewed it", "I dropped it"] {
            let (kind, answer) = say(Rule::Warranty, None, TODAY, text, 1);
            assert_eq!(kind, Kind::Workaround);
            assert!(answer.contains("35.00 euros"), "{answer}");
        }
    }

    #[test]
    fn a_parcel_is_lost_after_fourteen_days() {
        // PL-207991 left on 25 November.
        let on = |today| say(Rule::Whereabouts, Some("PL-207991"), today, "", 1).0;
        assert_eq!(on(date(2026, 12, 9)), Kind::Complete);
        assert_eq!(on(date(2026, 12, 10)), Kind::Escalation);
    }

    #[test]
    fn an_address_can_be_changed_until_the_order_leaves() {
        assert_eq!(say(Rule::Address, Some("PL-208402"), TODAY, "", 1).0, Kind::Complete);
        assert_eq!(say(Rule::Address, Some("PL-207991"), TODAY, "", 1).0, Kind::Workaround);
        assert_eq!(say(Rule::Address, Some("PL-000000"), TODAY, "", 1).0, Kind::Partial);
        assert_eq!(say(Rule::CancelOrder, None, TODAY, "", 1).0, Kind::Partial);
    }

    #[test]
    fn a_year_of_plus_is_paid_back_for_fourteen_days_and_a_month_never() {
        let of = |text| say(Rule::PlusRefund, None, TODAY, text, 1).0;
        assert_eq!(of("yearly, on 14 November"), Kind::Complete);
        assert_eq!(of("yearly, on 13 November"), Kind::Workaround);
        assert_eq!(of("I pay monthly, yesterday"), Kind::Workaround);
        assert_eq!(of("I pay for the year"), Kind::Partial);
    }
}
