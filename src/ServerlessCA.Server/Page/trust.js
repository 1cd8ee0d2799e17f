// How each system comes to trust the root: the texts of "serverless-ca trust" for a file that was downloaded here.

const KEYCHAIN = "/Library/Keychains/System.keychain";

/** The systems in their order: name, title, steps, how to undo them, and what it counts for. */
export function trustGuide(file, sha1) {
  const alias = file.replace(/\.[^.]*$/, "");
  const thumbprint = sha1.replace(/[^0-9A-F]/gi, "").toUpperCase();
  return [
    system("debian", "Debian, Ubuntu",
      [`sudo cp ${file} /usr/local/share/ca-certificates/${alias}.crt`, "sudo update-ca-certificates"],
      [`sudo rm /usr/local/share/ca-certificates/${alias}.crt`, "sudo update-ca-certificates --fresh"],
      `For programs with OpenSSL or GnuTLS, such as curl, git, wget; not for Java, browsers, Node. For one call: curl --cacert ${file}`),
    system("rhel", "RHEL, Fedora, Amazon Linux",
      [`sudo cp ${file} /etc/pki/ca-trust/source/anchors/${alias}.crt`, "sudo update-ca-trust"],
      [`sudo rm /etc/pki/ca-trust/source/anchors/${alias}.crt`, "sudo update-ca-trust"],
      "For programs with OpenSSL, GnuTLS or NSS, and for the system's Java."),
    system("macos", "macOS",
      [`sudo security add-trusted-cert -d -r trustRoot -k ${KEYCHAIN} ${file}`],
      [`sudo security remove-trusted-cert -d ${file}`, `sudo security delete-certificate -Z ${thumbprint} ${KEYCHAIN}`],
      "For Safari, Chrome and programs of the system; macOS trusts certificates of servers for at most 825 days."),
    system("windows", "Windows, in PowerShell as administrator",
      [`Import-Certificate -FilePath '${file}' -CertStoreLocation Cert:\\LocalMachine\\Root`],
      [`Remove-Item Cert:\\LocalMachine\\Root\\${thumbprint}`],
      "For Edge, Chrome, .NET and programs of the system."),
    system("java", "Java",
      [`sudo keytool -importcert -noprompt -trustcacerts -cacerts -storepass changeit -alias ${alias} -file ${file}`],
      [`sudo keytool -delete -cacerts -storepass changeit -alias ${alias}`],
      "For every program of this Java. For one program: the same with -keystore FILE instead of -cacerts, then java -Djavax.net.ssl.trustStore=FILE"),
    system("firefox", "Firefox and other programs with NSS",
      [`certutil -A -d sql:$HOME/.pki/nssdb -t C,, -n ${alias} -a -i ${file}`],
      [`certutil -D -d sql:$HOME/.pki/nssdb -n ${alias}`],
      "That is where Chrome and Chromium on Linux look. Firefox has a folder for each profile: give it instead, sql:$HOME/.mozilla/firefox/PROFILE, while Firefox is closed."),
    system("nginx", "nginx, in its configuration",
      [`ssl_client_certificate ${file};`, "ssl_verify_client on;", "ssl_verify_depth 2;"],
      ["remove these lines, then: nginx -s reload"],
      `For certificates of clients. For those of servers behind it: proxy_ssl_trusted_certificate ${file}; proxy_ssl_verify on; proxy_ssl_verify_depth 2;`),
    system("go", "Go", [`SSL_CERT_FILE=${file} ./program`], ["leave the variable out"],
      "On Linux Go trusts what the system trusts; the variable replaces that. In code: x509.SystemCertPool(), then AppendCertsFromPEM with the file."),
    system("python", "Python", [`SSL_CERT_FILE=${file} python3 program.py`], ["leave the variable out"],
      `The variable replaces what the system trusts; requests reads REQUESTS_CA_BUNDLE instead. In code: ssl.create_default_context(), then load_verify_locations("${file}").`),
    system("node", "Node", [`NODE_EXTRA_CA_CERTS=${file} node program.js`], ["leave the variable out"],
      "Trusted in addition to the CAs that Node has itself; it is read once, when Node starts."),
  ];
}

function system(name, title, steps, undo, remark) {
  return { name, title, steps, undo, remark };
}
