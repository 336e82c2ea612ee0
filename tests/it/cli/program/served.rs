//! The program while it serves.

use std::{
    process::{Child, Command},
    time::{Duration, Instant},
};

/// A running server; dropping it kills it.
pub struct Served(pub Child);

impl Served {
    /// kill -9.
    pub fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }

    /// Asks it to stop; its exit code and how long it took.
    pub fn terminate(self) -> (Option<i32>, Duration) {
        self.ask_to_stop();
        self.wait(Duration::from_secs(60))
    }

    /// SIGTERM.
    pub fn ask_to_stop(&self) {
        let sent = Command::new("sh").args(["-c", &format!("kill -TERM {}", self.0.id())]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for its end; its exit code and how long it took.
    #[track_caller]
    pub fn wait(mut self, at_most: Duration) -> (Option<i32>, Duration) {
        let begun = Instant::now();
        loop {
            if let Some(status) = self.0.try_wait().unwrap() {
                return (status.code(), begun.elapsed());
            }
            assert!(begun.elapsed() < at_most, "it does not stop");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
