//! How long a suite over a large data file takes to load: `cargo bench --bench load [ROWS]`.

use holdline::suite::load;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000_u32);
    let root = tempfile::tempdir()?;
    let (mut csv, mut lines) = ("id,split,domain,query\n".to_owned(), String::new());
    for n in 0..rows {
        let domain = n % 10;
        writeln!(csv, "t-{n},test,domain {domain},\"what about the matter of number {n}, please\"")?;
        writeln!(
            lines,
            "{{\"id\":{n},\"domain\":\"domain {domain}\",\"input\":\"what about the matter of number {n}\"}}"
        )?;
    }
    std::fs::write(root.path().join("rows.csv"), csv)?;
    std::fs::write(root.path().join("rows.jsonl"), lines)?;
    let labels = (0..10).map(|n| format!("\"domain {n}\"")).collect::<Vec<_>>().join(", ");
    for (name, inputs, label) in [
        (
            "csv",
            "file = \"rows.csv\", input = \"query\", id = \"id\", where = { split = \"test\" }",
            "{{ row.domain }}",
        ),
        ("csv without ids", "file = \"rows.csv\", input = \"query\"", "{{ row.domain }}"),
        (
            "csv, sampled",
            "file = \"rows.csv\", input = \"query\", id = \"id\", sample = 5000",
            "{{ row.domain }}",
        ),
        (
            "csv, computed label",
            "file = \"rows.csv\", input = \"query\", id = \"id\"",
            "{{ row.domain | lower }}",
        ),
        ("jsonl", "file = \"rows.jsonl\", id = \"id\"", "{{ row.domain }}"),
    ] {
        let suite = format!(
            "feature = \"f\"\nlabels = [{labels}]\n[target]\nin_process = \"app\"\n[[scenario]]\nname = \"n\"\ninputs = {{ {inputs} }}\nexpect = {{ label = \"{label}\" }}\n"
        );
        std::fs::write(root.path().join("demo.toml"), suite)?;
        let start = Instant::now();
        let suite = load(root.path(), Path::new("demo.toml"))?;
        println!(
            "{name}: {} seeds of {rows} rows in {:.3} s",
            suite.scenarios[0].seeds.len(),
            start.elapsed().as_secs_f64()
        );
    }
    Ok(())
}
