using System.Globalization;
using System.Text.RegularExpressions;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Names certificates and CRLs in the order in which they appear: <c>cert-1</c>, <c>crl-1</c> …</summary>
internal sealed partial class Labels
{
    private readonly Dictionary<string, Labelled<CertificateDer>> certificates = [];
    private readonly Dictionary<string, Labelled<CrlDer>> crls = [];
    private readonly Dictionary<string, string> bySerial = [];

    public IEnumerable<Labelled<CertificateDer>> Certificates => certificates.Values;

    public IEnumerable<Labelled<CrlDer>> Crls => crls.Values;

    /// <summary>The step in which certificates and CRLs appear from now on.</summary>
    public StepMoment Now { get; set; }

    /// <exception cref="DerException">Not a certificate.</exception>
    public string Certificate(byte[] bytes)
    {
        string key = Convert.ToBase64String(bytes);
        if (!certificates.TryGetValue(key, out Labelled<CertificateDer>? found))
        {
            CertificateDer parsed = new(bytes);
            found = new(string.Create(CultureInfo.InvariantCulture, $"cert-{certificates.Count + 1}"), parsed, Now);
            certificates.Add(key, found);
            bySerial[parsed.Serial.ToString(CultureInfo.InvariantCulture)] = found.Label;
        }

        return found.Label;
    }

    /// <exception cref="DerException">Not a CRL.</exception>
    public string Crl(byte[] bytes)
    {
        string key = Convert.ToBase64String(bytes);
        if (!crls.TryGetValue(key, out Labelled<CrlDer>? found))
        {
            CrlDer parsed = new(bytes);
            found = new(string.Create(CultureInfo.InvariantCulture, $"crl-{crls.Count + 1}"), parsed, Now);
            crls.Add(key, found);
        }

        return found.Label;
    }

    /// <summary>Text with the serial numbers of known certificates replaced by <c>&lt;serial cert-n&gt;</c>.</summary>
    public string NameSerials(string text) => SerialLike.Replace(
        text, found => bySerial.TryGetValue(found.Value, out string? label) ? $"<serial {label}>" : found.Value);

    [GeneratedRegex(@"\d{20,}", RegexOptions.CultureInvariant)]
    private static partial Regex SerialLike { get; }
}
