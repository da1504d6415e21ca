// A provider of OpenID Connect (npm's oidc-provider): its own pages sign in anybody, by whatever name is typed.
import { Provider } from "oidc-provider";
const [port, redirect] = process.argv.slice(2);
const people = { anna: { roles: ["agent"], groups: ["web-support"] }, nobody: { roles: [], groups: ["web-support"] } };
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "desk", client_secret: "a-secret-of-the-test", redirect_uris: [redirect] }],
  claims: { openid: ["sub"], profile: ["name", "roles", "groups"] },
  conformIdTokenClaims: false,
  pkce: { required: () => true },
  findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, name: sub.toUpperCase(), ...people[sub] }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
