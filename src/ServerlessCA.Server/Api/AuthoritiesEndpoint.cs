using Microsoft.AspNetCore.Http;
using ServerlessCA.Core.Access;
using ServerlessCA.Core.Api;
using ServerlessCA.Core.Inventory;
using ServerlessCA.Core.Issuance;
using ServerlessCA.Server.Http;

namespace ServerlessCA.Server.Api;

/// <summary>Answers the CAs, present and former ones, with their CRLs and the paths of their files.</summary>
internal sealed class AuthoritiesEndpoint(Deployment ca)
{
    /// <summary>The call.</summary>
    public ApiOperation Operation => new(HttpMethods.Get, "/authorities", ApiCall.Read, AnswerAsync);

    private async Task<ApiReply> AnswerAsync(ApiRequest request)
    {
        IReadOnlyList<AuthorityDetails> authorities = await new ListAuthorities(ca).RunAsync(request.Cancellation);
        return ApiReply.Json(writer => AuthoritiesDocument.Write(writer, new AuthorityList(authorities, PathOf(ca.Settings.Names.BundleFile)), PathOf));
    }

    private static string PathOf(string file) => $"/{file}";
}
