import { describe, expect, it } from "vitest";
import { labSchema } from "../../lab/labSchema.ts";
import { refuseMixedLogin } from "../../stacks/mixedLogin.ts";

const lab = (student: object) => labSchema.parse({ lab: "tiny", title: "Tiny", student });

describe("a login that the shell has beside the student's", () => {
  it("is refused, every variable of it", () => {
    expect(() => {
      refuseMixedLogin(lab({ project: {} }), { OS_CLOUD: "campus", OS_TOKEN: "t", OS_AUTH_URL: "https://cloud" });
    }).toThrow(/^OS_CLOUD, OS_TOKEN are set .* `cloud:` in course\.yaml/);
  });

  it("is refused when it is the name of a domain, beside which the provider refuses the id of the student's", () => {
    expect(() => {
      refuseMixedLogin(lab({ project: {} }), { OS_USERNAME: "teacher", OS_USER_DOMAIN_NAME: "Default" });
    }).toThrow(/^OS_USER_DOMAIN_NAME is set /);
  });

  it("is no harm when it is empty, and where students have no login of their own", () => {
    refuseMixedLogin(lab({ project: {} }), { OS_CLOUD: "", OS_USERNAME: "teacher" });
    refuseMixedLogin(lab({}), { OS_CLOUD: "campus" });
  });
});
