//! How many typing variants a second one core makes: `cargo bench --bench typing [VARIANTS]`.
//!
//! Each text is read once and gives many variants, as when a suite is expanded. The machine may be shared, so
//! that what counts is the time of the processor, where the system tells it.

use holdline::expand::operator::{Family, Settings, Subject};
use holdline::expand::operators;
use holdline::expand::protect::Protector;
use holdline::expand::stream::Stream;
use holdline::expand::words::Text;
use holdline::suite::Row;
use std::hint::black_box;
use std::time::Instant;

/// Requests as people type them to an assistant, of the lengths that they have.
const SENTENCES: [&str; 20] = [
    "what's the balance of my savings account",
    "can you move money from checking to savings for me",
    "i want to know if my flight to denver leaves on time tomorrow",
    "how do i say thank you very much in portuguese",
    "put a reminder on my phone about the dentist appointment next thursday",
    "is it likely to rain in the mountains this weekend",
    "please find me a cheap hotel close to the conference centre",
    "what ingredients do i need for chicken soup with noodles",
    "someone took my credit card so please freeze it right away",
    "which documents must i bring to renew my passport",
    "tell my manager that i will be late because the train was cancelled",
    "how many calories does a slice of pepperoni pizza have",
    "play the song that was on the radio this morning",
    "what is the exchange rate between dollars and euros today",
    "could you book a table for 6 people at an italian restaurant at 7:30 pm",
    "when does the insurance on my car need to be paid again",
    "set the alarm for half past five and turn the kitchen lights off",
    "i need directions to the closest petrol station that is open now",
    "how long does it usually take to get a replacement card in the mail",
    "remove the milk and the bread from my shopping list",
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(400_000_u64);
    let protector = Protector::new(&[])?;
    let (settings, row) = (Settings::default(), Row::default());
    let texts = SENTENCES.map(|sentence| Text::new(sentence, &protector, &[]));
    let each = wanted / texts.len() as u64;
    let (mut all, mut time) = (0, Spent::default());
    println!("operator            variants   no site   variants/s of the processor   of the clock");
    for operator in operators::of_family(Family::Typing) {
        let (mut made, mut none) = (0_u64, 0_u64);
        let (clock, processor) = (Instant::now(), processor_seconds());
        for text in &texts {
            let subject = Subject { text, settings: &settings, row: &row, expect: &[], canary: None };
            let stream = Stream::new(&[b"bench", operator.name.as_bytes(), text.text.as_bytes()]);
            for number in 0..each {
                match black_box((operator.vary)(&subject, &mut stream.at(number))) {
                    Some(_) => made += 1,
                    None => none += 1,
                }
            }
        }
        let spent = Spent {
            clock: clock.elapsed().as_secs_f64(),
            processor: processor_seconds().zip(processor).map_or(0.0, |(now, then)| now - then),
        };
        report(operator.name, made, none, &spent);
        all += made;
        time.clock += spent.clock;
        time.processor += spent.processor;
    }
    report("all", all, 0, &time);
    Ok(())
}

/// Seconds that some work took.
#[derive(Default)]
struct Spent {
    clock: f64,
    /// 0 where the system does not tell.
    processor: f64,
}

fn report(name: &str, made: u64, none: u64, spent: &Spent) {
    let rate = |seconds: f64| {
        if seconds > 0.0 { format!("{:.0}", made as f64 / seconds) } else { "unknown".to_owned() }
    };
    println!("{name:<18} {made:>9} {none:>9} {:>29} {:>14}", rate(spent.processor), rate(spent.clock));
}

/// Seconds that this process has run on a processor, as Linux counts them: the first field of
/// `/proc/self/schedstat`, in nanoseconds.
fn processor_seconds() -> Option<f64> {
    let line = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    line.split_whitespace().next()?.parse::<f64>().ok().map(|nanoseconds| nanoseconds / 1e9)
}
