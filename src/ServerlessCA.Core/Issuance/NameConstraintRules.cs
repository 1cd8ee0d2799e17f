using ServerlessCA.Core.Certificates;
using ServerlessCA.Core.Names;
using ServerlessCA.Core.Requests;

namespace ServerlessCA.Core.Issuance;

/// <summary>Respects the name constraints of the issuing CA before anything is signed: a certificate with other names would be refused by
/// every program that checks the chain (RFC 5280 §6.1.3 (b), (c)).</summary>
internal static class NameConstraintRules
{
    /// <summary>Says why a request whose subject is known is refused; null when the CA may issue its names.</summary>
    public static Rejection? WhyNot(RequestedContents requested, Certificate issuing) => issuing.Find(ExtensionOids.NameConstraints) is null
        ? null
        : NameConstraints.WhyNot(issuing, requested.Subject!.Der, GeneralNames.AsWritten(requested.Sans));
}
