import { describe, expect, it } from "vitest";
import { installationProblems, loginUserProblems, packageMirrorProblems } from "../../components/instanceImage.ts";
import { isCentos7 } from "../../components/loginUser.ts";

const packageMirror = "http://mirror.test/centos/7";

describe("CentOS 7", () => {
  it.each(["CentOS-7-x86_64-GenericCloud-2009", "centos7", "CentOS Linux 7.9", "centos_7"])(
    "is known by %s",
    (name) => {
      expect(isCentos7(name)).toBe(true);
      const [problem, ...more] = installationProblems("web", "docker", { imageName: name });
      expect(more).toEqual([]);
      expect(problem?.path).toBe("web");
      expect(problem?.reason).toContain(
        "its mirrors are gone, so docker cannot be installed; choose a current Rocky, Alma, Debian or Ubuntu image, or set packageMirror",
      );
      expect(installationProblems("web", "docker", { imageName: name, packageMirror })).toEqual([]);
    },
  );

  it.each(["CentOS-Stream-9", "centos-stream-9-7", "centos-8", "centos-70", "rocky-9", "debian-7"])(
    "is not %s",
    (name) => {
      expect(isCentos7(name)).toBe(false);
      expect(installationProblems("web", "docker", { imageName: name })).toEqual([]);
    },
  );
});

describe("a package mirror", () => {
  it.each(["ftp://mirror.test", "mirror.test", "http://mirror.test\n[evil]", "http://a b", "https://"])(
    "is refused when it is %j",
    (wrong) => {
      const [problem] = packageMirrorProblems({ imageName: "centos7", packageMirror: wrong });
      expect(problem?.reason).toContain("is not an http:// or https:// URL; write one like");
    },
  );

  it("is refused where the image has mirrors of its own, and never needed", () => {
    expect(packageMirrorProblems({ imageName: "rocky-9", packageMirror })[0]?.reason).toContain("is only for CentOS 7");
    expect(packageMirrorProblems({ imageName: "rocky-9" })).toEqual([]);
    expect(packageMirrorProblems({ imageName: "centos7", packageMirror })).toEqual([]);
  });
});

it("the login user follows from the name, or is asked for", () => {
  expect(loginUserProblems({ imageName: "mine" })[0]?.path).toBe("loginUser");
  expect(loginUserProblems({ imageName: "mine", loginUser: "kim" })).toEqual([]);
  expect(loginUserProblems({ imageName: "Rocky-9" })).toEqual([]);
});
