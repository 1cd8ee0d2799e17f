using System.Globalization;
using System.Text;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Revocation;
using ServerlessCA.Core.Requests;
using Xunit;

namespace ServerlessCA.Slack.Tests;

/// <summary>Makes the six messages with the product's own builders, from a constant certificate and request.</summary>
internal static class SomeEvents
{
    public const string SerialNumber = "725732270238932467356021650679497159468001185756";

    public static SlackStyle Style { get; } = new() { Project = "serverless", AccountAlias = "my-ca" };

    public static DateTimeOffset Now { get; } = new(2026, 3, 25, 8, 15, 3, TimeSpan.Zero);

    public static Notification Issued { get; } = IssuanceMessages.Issued(Record, Subject, []);

    public static Notification Rejected { get; } = MakeRejected();

    public static Notification Revoked { get; } =
        RevocationMessages.Revoked(Record, Now.AddMicroseconds(120_045), Subject.ToString());

    public static Notification ExpiryWarning { get; } = ExpiryMessages.Reminder(Record, Subject.ToString(), 7, expired: false, Now);

    public static Notification Expired { get; } =
        ExpiryMessages.Reminder(Record, Subject.ToString(), 0, expired: true, Now.AddDays(8));

    public static Notification RevocationFailed { get; } = RevocationMessages.Failed(new EntryFailure(
        new EntryPlace(new ListPlace("revoked.json", 2), "www.example.test", "4660"),
        "there is no certificate with serial number 4660: correct it; if its row is lost, add \"unrecorded\": true"));

    public static IReadOnlyList<Notification> All { get; } = [Issued, Rejected, Revoked, RevocationFailed, ExpiryWarning, Expired];

    private static CertificateRecord Record => new()
    {
        CommonName = "www.example.test",
        SerialNumber = ServerlessCA.Core.Records.SerialNumber.Of(
            System.Numerics.BigInteger.Parse(SerialNumber, CultureInfo.InvariantCulture)),
        Issued = new DateTimeOffset(2026, 3, 2, 10, 15, 30, TimeSpan.Zero),
        Expires = new DateTimeOffset(2026, 4, 1, 10, 20, 30, TimeSpan.Zero),
        CertificatePem = Golden("www.example.test.crt"),
    };

    private static DistinguishedName Subject
    {
        get
        {
            Assert.True(CertificateSigningRequest.TryParsePem(Golden("www.example.test.csr"), out CertificateSigningRequest? csr, out _));
            Assert.True(DistinguishedName.TryDecode(csr.SubjectDer, out DistinguishedName? subject));
            return subject;
        }
    }

    private static Notification MakeRejected()
    {
        Assert.True(RequestReader.TryParse(
            """{"common_name": "www.example.test", "lifetime": 90, "purposes": ["client_auth", "server_auth"], "sans": ["www.example.test", "example.test"]}"""u8.ToArray(),
            singleLabels: false, out CertificateRequest? request, out _));
        var requested = new RequestedContents(request, singleLabels: false) { CsrText = Golden("www.example.test.csr"), Subject = Subject };
        var why = new Rejection(RejectionCode.KeyUsed, null, "Private key has already been used for a certificate");
        return IssuanceMessages.Rejected("rejected-5f1c", requested, why);
    }

    private static string Golden(string name) =>
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", name), Encoding.UTF8);
}
