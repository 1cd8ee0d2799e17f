using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using ServerlessCA.Core.Notifications;
using ServerlessCA.Core.Ports;
using ServerlessCA.Core.Records;

namespace ServerlessCA.Conformance.Running;

/// <summary>Is a target that goes through every port once and knows nothing of the product: for testing the runner.</summary>
internal sealed class SketchTarget(ScenarioWorld world) : IScenarioTarget
{
    private static readonly string Pem = MakePem();

    public async Task<JsonNode?> RunAsync(CaFunction called, JsonNode? input, CancellationToken cancellation)
    {
        switch (called)
        {
            case CaFunction.CreateRootCa:
                await AddAsync(world.Settings.Names.RootCa, 0, cancellation);
                PublishedFile file = new("root.crt", "application/pkix-cert", Encoding.ASCII.GetBytes(Pem));
                await world.PublishedFiles.PublishAsync(file, null, cancellation);
                await world.PublishedFiles.PublishAsync(file, null, cancellation); // refused: there is one now
                return null;
            case CaFunction.TlsCert when input!["fail"] is { } failure:
                throw new FormatException(failure.GetValue<string>());
            case CaFunction.TlsCert:
                CertificateRecord row = await AddAsync(input["common_name"]!.GetValue<string>(), null, cancellation);
                return new JsonObject
                {
                    ["CertificateInfo"] = new JsonObject { ["SerialNumber"] = row.SerialNumber.ToString() },
                    ["Echo"] = input.DeepClone(),
                    ["Maximum"] = world.Settings.MaxCertLifetime,
                };
            case CaFunction.RootCrl:
                CertificateRecord ca = (await world.Ledger.FindByNameAsync(world.Settings.Names.RootCa, cancellation))[0];
                await world.Ledger.NextCrlNumberAsync(new RowId(ca.CommonName, ca.SerialNumber), 5, cancellation);
                return null;
            case CaFunction.Expiry:
                await RevokeAndRemindAsync(cancellation);
                return null;
            default:
                return world.PostToSlack(new JsonObject { ["channel"] = "bad", ["text"] = input!["Message"]!.DeepClone() });
        }
    }

    private async Task RevokeAndRemindAsync(CancellationToken cancellation)
    {
        IReadOnlyList<CertificateRecord> rows = await world.Ledger.FindByNameAsync("a.example.com", cancellation);
        foreach (CertificateRecord row in rows.OrderBy(row => row.SerialNumber))
        {
            CertificateRevocation now = new(world.Clock.GetUtcNow());
            await world.Ledger.RevokeAsync(new RowId(row.CommonName, row.SerialNumber), now, null, null, null, cancellation);
            await world.Ledger.RevokeAsync(new RowId(row.CommonName, row.SerialNumber), now, null, null, null, cancellation); // was revoked before
            RowId id = new(row.CommonName, row.SerialNumber);
            Notification sent = new("1", "Certificate Expired", $$"""{"SerialNumber":"{{row.SerialNumber}}"}""");
            await world.Ledger.AddReminderAsync(id, world.Clock.GetUtcNow(), row.ExpiryReminders.Count, sent, null, cancellation);
            await world.Notifier.DeliverAsync(sent, cancellation);
        }
    }

    private async Task<CertificateRecord> AddAsync(string name, long? crlNumber, CancellationToken cancellation)
    {
        DateTimeOffset now = TableTime.WholeSeconds(world.Clock.GetUtcNow());
        CertificateRecord row = new()
        {
            CommonName = name, SerialNumber = world.Serials.Draw(), Issued = now, Expires = now.AddDays(1), CertificatePem = Pem,
            CrlNumber = crlNumber, NotifyExpiry = crlNumber is null ? true : null,
        };
        await world.Ledger.AddAsync(new CertificateAddition(row), cancellation);
        CertificateRecord other = row with { CertificatePem = Pem + Pem };
        await world.Ledger.AddAsync(new CertificateAddition(other), cancellation); // refused: the serial is taken
        return row;
    }

    private static string MakePem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=sketch", key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        return made.ExportCertificatePem() + "\n";
    }
}
