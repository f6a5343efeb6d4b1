//! Work on several threads whose answers come out in the order of the inputs.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError, mpsc};
use std::thread;

use anyhow::anyhow;

use super::input::{Input, guarded};

/// Inputs under way or answered out of turn, for each thread: what bounds memory.
const AHEAD: usize = 4;
/// Stack of a thread. Nothing here recurses on its input; this is for what libraries still do.
const STACK: usize = 16 << 20;

/// Gives `show` the answer of `work` to each input, in order. Stops at the first error of `show`.
///
/// # Errors
/// What `show` returns, or when no thread can be started.
pub(super) fn in_order<T: Send, O: Send>(
    inputs: impl Iterator<Item = Input<T>>,
    work: impl Fn(T) -> Result<O, String> + Sync,
    mut show: impl FnMut(Input<O>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let threads = thread::available_parallelism().map_or(2, usize::from).clamp(2, 16);
    let (jobs_in, jobs_out) = mpsc::channel::<(usize, Input<T>)>();
    let (done_in, done_out) = mpsc::channel::<(usize, Input<O>)>();
    let jobs_out = Mutex::new(jobs_out);
    let (work, jobs_out) = (&work, &jobs_out);
    thread::scope(move |scope| {
        for _ in 0..threads {
            let done_in = done_in.clone();
            thread::Builder::new().stack_size(STACK).spawn_scoped(scope, move || {
                loop {
                    let job = jobs_out.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((place, Input { key, name, task })) = job else { break };
                    let task = task.and_then(|task| guarded(|| work(task)));
                    if done_in.send((place, Input { key, name, task })).is_err() {
                        break;
                    }
                }
            })?;
        }
        drop(done_in);
        let mut inputs = inputs.enumerate();
        let (mut sent, mut shown, mut early) = (0, 0, BTreeMap::new());
        loop {
            while sent - shown < threads * AHEAD
                && let Some(job) = inputs.next()
            {
                jobs_in.send(job).map_err(|_| anyhow!("every thread ended"))?;
                sent += 1;
            }
            if shown == sent {
                return Ok(());
            }
            let (place, answer) = done_out.recv()?;
            early.insert(place, answer);
            while let Some(answer) = early.remove(&shown) {
                show(answer)?;
                shown += 1;
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use serde_json::Value;

    use super::*;

    fn inputs(count: usize) -> impl Iterator<Item = Input<usize>> {
        (0..count).map(|n| Input {
            key: "id",
            name: Value::from(n),
            task: if n % 10 == 9 { Err("bad".into()) } else { Ok(n) },
        })
    }

    #[test]
    fn answers_come_in_the_order_of_the_inputs_and_a_panic_costs_one() {
        let mut answers = Vec::new();
        // The first waits for the second: it can only be answered if two run at once, and it is answered late.
        let both = Barrier::new(2);
        let work = |n: usize| {
            if n < 2 {
                both.wait();
            }
            assert!(n != 55, "broken");
            Ok(n * 2)
        };
        in_order(inputs(100), work, |answer| {
            answers.push((answer.name.as_u64().unwrap(), answer.task.ok()));
            Ok(())
        })
        .unwrap();
        let wanted: Vec<_> =
            (0..100).map(|n: usize| (n as u64, (n % 10 != 9 && n != 55).then_some(n * 2))).collect();
        assert_eq!(answers, wanted);
    }

    #[test]
    fn it_stops_when_nobody_listens() {
        let mut shown = 0;
        let ended = in_order(
            (0..).map(|n| Input { key: "id", name: Value::Null, task: Ok(n) }),
            Ok::<u64, String>,
            |_| {
                shown += 1;
                if shown == 3 {
                    anyhow::bail!("closed")
                }
                Ok(())
            },
        );
        assert!(ended.is_err() && shown == 3);
    }
}
