using System.Diagnostics.CodeAnalysis;

namespace ServerlessCA.Local.Delivery.Settings;

/// <summary>An address that calls may go to: http or https, with a host, without user, password and fragment.</summary>
internal static class WebAddress
{
    public static bool TryParse(string text, [NotNullWhen(true)] out Uri? address) =>
        Uri.TryCreate(text, UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
        && address.Host.Length > 0 && address.UserInfo.Length == 0 && address.Fragment.Length == 0;
}
