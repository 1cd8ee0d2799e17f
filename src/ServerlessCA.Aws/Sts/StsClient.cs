using System.Text;
using System.Xml;
using System.Xml.Linq;
using ServerlessCA.Aws.Http;

namespace ServerlessCA.Aws.Sts;

/// <summary>Tells who is calling. Needs no permission.</summary>
/// <param name="http">Made by <see cref="AwsSession.Http"/> for <see cref="AwsService.Sts"/>.</param>
public sealed class StsClient(SignedHttp http)
{
    /// <summary>The account's number; null when the answer does not have it.</summary>
    /// <exception cref="AwsCallException">It could not be asked.</exception>
    public async Task<string?> AccountAsync(CancellationToken cancellation)
    {
        var call = new SignedCall(
            "GetCallerIdentity", HttpMethod.Post, "", Encoding.ASCII.GetBytes("Action=GetCallerIdentity&Version=2011-06-15"),
            "application/x-www-form-urlencoded; charset=utf-8");
        SignedAnswer answer = await http.SendAsync(call, cancellation);
        try
        {
            return XDocument.Parse(Encoding.UTF8.GetString(answer.Body.Span))
                .Descendants().FirstOrDefault(element => element.Name.LocalName == "Account")?.Value;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
