//! Decides with Cedar what bench-treaty decided, and how many of it a second of the processor's
//! time: cedar-bench DIR [ROUNDS], with the files of `bench-treaty export-cedar DIR`.
//!
//! A decision is one record for one member: one request for each of its alerts. Policies, entities
//! and requests are made before the clock starts. Ends with 1 when one answer differs from ours.
use std::{env, fs, process::exit};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, RestrictedExpression,
};
use serde_json::Value;

struct Question {
    requests: Vec<Request>, // one an alert
    wanted: u64,            // bit per alert: what bench-treaty says
}

fn fail(what: &str, why: impl std::fmt::Display) -> ! {
    eprintln!("cedar-bench: {what}: {why}");
    exit(1)
}

fn read(dir: &str, name: &str) -> String {
    fs::read_to_string(format!("{dir}/{name}")).unwrap_or_else(|e| fail(name, e))
}

fn uid(kind: &str, id: &str) -> EntityUid {
    format!("{kind}::\"{id}\"").parse().unwrap_or_else(|e| fail(id, e))
}

fn cpu_s() -> f64 {
    let mut t = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes one timespec, which is ours.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut t) };
    t.tv_sec as f64 + t.tv_nsec as f64 / 1e9
}

fn questions(records: &Value, which: &str) -> Vec<Question> {
    let list = |value: &Value, name: &str| value[name].as_array().cloned().unwrap_or_default();
    let share = uid("Action", "share");
    let mut out = Vec::new();
    for (i, record) in list(records, "records").iter().enumerate() {
        let purpose = if which == "purposed" { record["purpose"].as_str().unwrap_or("") } else { "" };
        let masks = list(record, which);
        for (member, mask) in list(records, "members").iter().zip(&masks) {
            let requests = (0..record["alerts"].as_u64().unwrap_or(0)).map(|alert| {
                let purpose = RestrictedExpression::new_string(purpose.to_string());
                let context = Context::from_pairs([("purpose".to_string(), purpose)])
                    .unwrap_or_else(|e| fail("context", e));
                Request::new(
                    uid("Member", member.as_str().unwrap_or("")),
                    share.clone(),
                    uid("Alert", &format!("{i}/{alert}")),
                    context,
                    None,
                )
                .unwrap_or_else(|e| fail("request", e))
            });
            out.push(Question {
                requests: requests.collect(),
                wanted: mask.as_u64().unwrap_or_else(|| fail(which, "no mask")),
            });
        }
    }
    out
}

/// How many answers differ from ours, and decisions a second.
fn round(policies: &PolicySet, entities: &Entities, questions: &[Question]) -> (usize, f64) {
    let authorizer = Authorizer::new();
    let mut differences = 0;
    let begin = cpu_s();
    for question in questions {
        let mut mask = 0;
        for (alert, request) in question.requests.iter().enumerate() {
            let answer = authorizer.is_authorized(request, policies, entities);
            if answer.diagnostics().errors().next().is_some() {
                differences += 1;
            }
            mask |= u64::from(answer.decision() == Decision::Allow) << alert;
        }
        if mask != question.wanted {
            differences += 1;
        }
    }
    (differences, questions.len() as f64 / (cpu_s() - begin))
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let dir = arguments.get(1).unwrap_or_else(|| fail("usage", "cedar-bench DIR [ROUNDS]"));
    let rounds = arguments.get(2).and_then(|n| n.parse().ok()).unwrap_or(3);
    let entities = Entities::from_json_str(&read(dir, "entities.json"), None)
        .unwrap_or_else(|e| fail("entities.json", e));
    let records: Value = serde_json::from_str(&read(dir, "records.json"))
        .unwrap_or_else(|e| fail("records.json", e));
    let mut differences = 0;
    for (which, name) in [("plain", ""), ("purposed", "purpose_")] {
        let policies: PolicySet = read(dir, &format!("{which}.cedar"))
            .parse()
            .unwrap_or_else(|e| fail(which, e));
        let questions = questions(&records, which);
        if questions.is_empty() {
            fail(which, "no questions");
        }
        let mut speeds = Vec::new();
        for _ in 0..rounds {
            let (differing, speed) = round(&policies, &entities, &questions);
            differences += differing;
            speeds.push(speed);
        }
        speeds.sort_by(f64::total_cmp);
        println!("A1.{name}policies.cedar {} 1", policies.policies().count());
        println!("A1.{name}compared.cedar {} 1", questions.len());
        println!("A1.{name}decisions_per_s.cedar {:.0} 1/s", speeds[speeds.len() / 2]);
    }
    println!("A1.differences.cedar {differences} 1");
    exit(i32::from(differences > 0));
}
