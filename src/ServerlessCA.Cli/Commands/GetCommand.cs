using System.CommandLine;
using ServerlessCA.Cli.Help;
using ServerlessCA.Cli.Inspection;
using ServerlessCA.Cli.Options;
using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Records;
using ServerlessCA.Core.Texts;

namespace ServerlessCA.Cli.Commands;

/// <summary>The command <c>get</c>, which writes a certificate as PEM.</summary>
internal static class GetCommand
{
    /// <summary>Puts the command together.</summary>
    public static DocumentedCommand Create(Surroundings here, GlobalOptions globals)
    {
        var name = new Argument<string>("NAME|SERIAL")
        {
            Description = "A common name, case counts, or a serial number: decimal, 0x…, or hex with colons as openssl shows it",
        };
        var serial = new Option<string?>("--serial")
        {
            HelpName = "NUMBER",
            Description = "The serial number, where the name has several certificates (default: the newest)",
        };
        var bundle = new Option<bool>("--bundle") { Description = "Add the CA certificates behind it: issuing CA, then root CA" };
        var command = new DocumentedCommand("get", "Write a certificate, PEM")
        {
            Explanation = "Writes the newest certificate of a name, or that of a serial number, to standard output.",
            Examples =
            [
                new("serverless-ca get server.example.com > server.pem", "Keeps it in a file."),
                new("serverless-ca get 3F:A2:07 > server.pem", "Keeps the certificate of a serial number."),
                new("serverless-ca get server.example.com --bundle > fullchain.pem", "The same with the CAs behind it, as web servers want it."),
            ],
        };
        command.Add(name);
        command.Group("Which and how", serial, bundle);
        var access = new AccessOptions(here, globals);
        access.AddTo(command);
        var records = new InventoryAccess(here, globals, access);
        command.SetAction((parsed, cancellation) => records.UseAsync(parsed, async ca =>
        {
            CertificateRecord record = await CertificateSearch.OneAsync(ca, parsed.GetRequiredValue(name), parsed.GetValue(serial), cancellation);
            IReadOnlyList<Certificate> chain = parsed.GetValue(bundle) ? await ca.IssuersOfAsync(record, cancellation) : [];
            string pem = string.Concat(chain.Select(authority => authority.Pem).Prepend(record.CertificatePem));
            here.Terminal.Write(globals.IsJson(parsed) ? Json(record, pem) : pem);
            return ExitCode.Done;
        }, cancellation));
        return command;
    }

    private static string Json(CertificateRecord record, string pem) => JsonText.Object(writer =>
    {
        writer.WriteString("CommonName", record.CommonName);
        writer.WriteString("SerialNumber", record.SerialNumber.ToString());
        writer.WriteString("Certificate", pem);
    });
}
