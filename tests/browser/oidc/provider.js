// An OpenID Connect provider for the tests of signing in: two accounts, no passwords, one client.
// Started as `node provider.js PORT REDIRECT_URI CLIENT_ID CLIENT_SECRET`; says "ready" when it listens.
import Provider, { interactionPolicy } from "oidc-provider";

const [port, redirectUri, clientId, clientSecret] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;
const ACCOUNTS = {
  vera: { name: "Vera Viewer", email: "vera@example.org", roles: ["banyan-viewer"] },
  edwin: { name: "Edwin Editor", email: "edwin@example.org", roles: ["staff", "banyan-editor"] },
};

// Streamlit asks for an account to be chosen each time, which the provider knows nothing of by itself.
const policy = interactionPolicy.base();
policy.add(new interactionPolicy.Prompt({ name: "select_account", requestable: true }), 0);

const page = (body) => `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Accounts</title>
<link rel="icon" href="data:,"></head><body>${body}</body></html>`;

const choice = (uid) => page(Object.keys(ACCOUNTS).map((id) =>
  `<form method="post" action="/interaction/${uid}"><button name="login" value="${id}">${id}</button></form>`,
).join("\n"));

const provider = new Provider(issuer, {
  clients: [{
    client_id: clientId,
    client_secret: clientSecret,
    redirect_uris: [redirectUri],
    post_logout_redirect_uris: [redirectUri],
    grant_types: ["authorization_code"],
    response_types: ["code"],
  }],
  scopes: ["openid", "profile", "email"],
  claims: { openid: ["sub"], profile: ["name", "roles"], email: ["email"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["for tests only"] },
  pkce: { required: () => true },
  findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub, ...ACCOUNTS[sub] }) }),
  // Nobody is asked for consent: what the client asks for is granted.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({
      clientId: ctx.oidc.client.clientId,
      accountId: ctx.oidc.session.accountId,
    });
    grant.addOIDCScope("openid profile email");
    await grant.save();
    return grant;
  },
  interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(ctx, form) {
        ctx.body = page(`${form}<button form="op.logoutForm" name="logout" value="yes">sign out</button>`);
      },
    },
  },
});

function read(request) {
  return new Promise((resolve) => {
    let text = "";
    request.on("data", (chunk) => { text += chunk; });
    request.on("end", () => resolve(new URLSearchParams(text)));
  });
}

provider.use(async (ctx, next) => {
  const found = /^\/interaction\/([\w-]+)$/.exec(ctx.path);
  if (!found) return next();
  if (ctx.method === "GET") {
    ctx.type = "html";
    ctx.body = choice(found[1]);
    return undefined;
  }
  const accountId = (await read(ctx.req)).get("login");
  const result = accountId in ACCOUNTS ? { select_account: {}, login: { accountId } } : { error: "access_denied" };
  ctx.respond = false;
  return provider.interactionFinished(ctx.req, ctx.res, result, { mergeWithLastSubmission: false });
});

provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
