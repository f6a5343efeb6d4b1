//! The one connection to the session bus: calls to the notification server, each bounded in time, and its signals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::StreamExt;
use notify_rust::Timeout;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::{mpsc, oneshot};
use tokio::task::AbortHandle;
use zbus::message::Type as MessageType;
use zbus::{Connection, DynamicType, MatchRule, MessageStream, Type};

use super::message::{Capabilities, Message, opens};
use super::opener::Opener;
use super::shown::{Handle, Shown};
use super::trouble::{CallError, Trouble};

/// The notification server's well-known name, which is its interface's name too, and its object.
const SERVER: &str = "org.freedesktop.Notifications";
const OBJECT: &str = "/org/freedesktop/Notifications";
/// The bus itself.
const BUS: &str = "org.freedesktop.DBus";
const BUS_OBJECT: &str = "/org/freedesktop/DBus";

/// A connection with what was told on it. All notifications share one, because GNOME takes a notification off the screen
/// when the connection that sent it leaves the bus. Ends its listening task when dropped.
#[derive(Debug)]
pub(super) struct Link {
    connection: Connection,
    bound: Duration,
    /// Of the server that was last asked, by its unique name.
    asked: Mutex<Option<Server>>,
    shown: Arc<Mutex<Shown>>,
    /// Asks the listener to answer once it has heard every signal that has already arrived.
    settle: mpsc::Sender<oneshot::Sender<()>>,
    listener: AbortHandle,
}

/// The notification server that runs now.
#[derive(Debug, Clone)]
pub(super) struct Server {
    /// Its unique name on the bus.
    name: String,
    /// That name with the bus's GUID, as in [`Handle::owner`].
    pub(super) owner: String,
    pub(super) capabilities: Capabilities,
}

impl Link {
    /// Connects to the bus at `address` and listens to the notification server's signals. Every later call may take
    /// `bound`.
    pub(super) async fn open(address: &str, bound: Duration, opener: Opener) -> Result<Self, Trouble> {
        let connected = async {
            let connection = zbus::connection::Builder::address(address).build().await?;
            // Subscribed before anything is told, so that no closing is missed. The sender is compared when a signal is
            // heard: a rule cannot name a server that does not run yet.
            let rule =
                MatchRule::builder().msg_type(MessageType::Signal).interface(SERVER).path(OBJECT).build()?;
            let signals = MessageStream::for_match_rule(rule, &connection, None).await?;
            Ok((connection, signals))
        };
        let (connection, signals) = tokio::time::timeout(bound, connected)
            .await
            .map_err(|_| Trouble::bus_silent(bound))?
            .map_err(|error: zbus::Error| Trouble::no_bus(&error))?;
        let shown = Arc::new(Mutex::new(Shown::default()));
        let (settle, settling) = mpsc::channel(8);
        let ear = Ear { shown: Arc::clone(&shown), guid: connection.server_guid().to_string(), opener };
        let listener = tokio::spawn(ear.listen(signals, settling)).abort_handle();
        Ok(Self { connection, bound, asked: Mutex::default(), shown, settle, listener })
    }

    /// True once the bus has hung up.
    pub(super) fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    /// What was told here.
    pub(super) fn shown(&self) -> MutexGuard<'_, Shown> {
        locked(&self.shown)
    }

    /// Which server runs now, started by the bus if need be. Its capabilities are asked once.
    pub(super) async fn server(&self) -> Result<Server, Trouble> {
        let name = match self.name_owner().await {
            Err(error) if error.is_absent() => self.start_server().await?,
            found => found.map_err(|error| error.of_bus(self.bound))?,
        };
        if let Some(server) = locked(&self.asked).as_ref().filter(|server| server.name == name) {
            return Ok(server.clone());
        }
        let names: Vec<String> = self
            .call(&name, OBJECT, SERVER, "GetCapabilities", &())
            .await
            .map_err(|error| error.of_server(self.bound))?;
        let owner = format!("{name}/{}", self.connection.server_guid());
        let server = Server { name, owner, capabilities: names.into() };
        *locked(&self.asked) = Some(server.clone());
        Ok(server)
    }

    /// Returns when every signal that arrived before this call has been taken in. A reply from the bus passes through
    /// the same socket as the signals before it, but not through the same task.
    pub(super) async fn settled(&self) {
        let (heard, hearing) = oneshot::channel();
        if self.settle.send(heard).await.is_ok() {
            // An error means that the listener has ended; the next call on the connection says why.
            let _ = tokio::time::timeout(self.bound, hearing).await;
        }
    }

    /// Shows `message` on `server`, in the place of notification `replaces` unless that is 0; returns its id. The server
    /// is called by its unique name, so that an id of one server never reaches the next one.
    pub(super) async fn notify(
        &self,
        server: &Server,
        replaces: u32,
        message: &Message,
    ) -> Result<u32, Trouble> {
        let hints: HashMap<&str, zbus::Variant<'_>> = message.hints.iter().map(Into::into).collect();
        let expiry = i32::from(Timeout::Default);
        let (app, icon) = ("newswatch", "");
        let body = (app, replaces, icon, &*message.summary, &*message.body, &message.actions, hints, expiry);
        self.call(&server.name, OBJECT, SERVER, "Notify", &body).await.map_err(|error| {
            // Whatever it was, it may be another server, or other capabilities, next time.
            *locked(&self.asked) = None;
            error.of_server(self.bound)
        })
    }

    async fn name_owner(&self) -> Result<String, CallError> {
        self.call(BUS, BUS_OBJECT, BUS, "GetNameOwner", &SERVER).await
    }

    /// Has the bus start the server that is installed for this name, if any.
    async fn start_server(&self) -> Result<String, Trouble> {
        let started: Result<u32, _> =
            self.call(BUS, BUS_OBJECT, BUS, "StartServiceByName", &(SERVER, 0_u32)).await;
        started.map_err(|error| error.of_start(self.bound))?;
        self.name_owner().await.map_err(|error| error.of_server(self.bound))
    }

    /// One method call; neither zbus nor D-Bus would end the wait for a server that hangs.
    async fn call<B, R>(
        &self,
        destination: &str,
        object: &str,
        interface: &str,
        method: &str,
        body: &B,
    ) -> Result<R, CallError>
    where
        B: Serialize + DynamicType,
        R: DeserializeOwned + Type,
    {
        let call = self.connection.call_method(Some(destination), object, Some(interface), method, body);
        let reply = tokio::time::timeout(self.bound, call).await.map_err(|_| CallError::Silent)??;
        Ok(reply.body().deserialize()?)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.listener.abort();
    }
}

/// What listens to the server.
struct Ear {
    shown: Arc<Mutex<Shown>>,
    guid: String,
    opener: Opener,
}

impl Ear {
    /// Takes in signals until the connection ends. A stream that is not read blocks the whole connection, so nothing
    /// here waits for anything else.
    async fn listen(self, mut signals: MessageStream, mut settling: mpsc::Receiver<oneshot::Sender<()>>) {
        loop {
            tokio::select! {
                biased; // signals first: this is what "settled" means
                signal = signals.next() => match signal {
                    Some(Ok(signal)) => self.hear(&signal),
                    Some(Err(_)) | None => return,
                },
                Some(heard) = settling.recv() => drop(heard.send(())),
            }
        }
    }

    fn hear(&self, signal: &zbus::Message) {
        let header = signal.header();
        let (Some(sender), Some(member)) = (header.sender(), header.member()) else { return };
        let handle = |id| Handle { id, owner: format!("{sender}/{}", self.guid) };
        let body = signal.body();
        match member.as_str() {
            "NotificationClosed" => {
                if let Ok((id, _reason)) = body.deserialize::<(u32, u32)>() {
                    locked(&self.shown).closed(handle(id));
                }
            }
            "ActionInvoked" => {
                if let Ok((id, action)) = body.deserialize::<(u32, String)>()
                    && opens(&action)
                    && let Some(url) = locked(&self.shown).address(&handle(id)).cloned()
                    && let Err(error) = self.opener.open(&url)
                {
                    tracing::warn!(%url, "cannot open the article {url}: {error}");
                }
            }
            _ => {}
        }
    }
}

/// What is behind these locks is whole after every statement, so a panic elsewhere does not spoil it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
