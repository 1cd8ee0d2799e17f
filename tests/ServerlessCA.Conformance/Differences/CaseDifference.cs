using System.Globalization;
using System.Text.Json.Nodes;

namespace ServerlessCA.Conformance.Differences;

/// <summary>Makes differences that concern named cases. A name is <c>theme/case</c>, which means the case's last call of
/// a function, or <c>theme/case#4</c> for the step of that number.</summary>
internal static class CaseDifference
{
    /// <summary>Any change of a step.</summary>
    public static DeliberateDifference Of(
        string id, string clause, string why, Action<ExpectedCase, ExpectedStep> change, params string[] cases)
    {
        ILookup<string, int?> steps = cases.ToLookup(
            name => name.Split('#')[0],
            name => name.Split('#') is [_, string number] ? int.Parse(number, CultureInfo.InvariantCulture) : (int?)null);
        return new DeliberateDifference(id, clause, why, expected =>
        {
            foreach (int? number in steps[expected.Name])
            {
                change(expected, StepOf(expected, number));
            }

            return steps.Contains(expected.Name);
        })
        { Cases = [.. steps.Select(found => found.Key)] };
    }

    /// <summary>A request that could be read is refused; who is told learns the subject as well.</summary>
    public static DeliberateDifference Refused(string id, string clause, string why, string reason, params string[] cases) =>
        Of(id, clause, why, (_, step) => step.Refuse(reason, Expected.Rejection(step, reason, WouldBeSubject.Of(step.Input, step.Csr!))), cases);

    /// <summary>A request that makes no sense is refused, naming the field; its subject cannot be known.</summary>
    public static DeliberateDifference Senseless(string id, string clause, string why, string reason, params string[] cases) =>
        Of(id, clause, why, (_, step) => step.Refuse(reason, Expected.Rejection(step, reason, "")), cases);

    /// <summary>A request that the original failed over is granted as another one was.</summary>
    public static DeliberateDifference GrantedLike(string id, string clause, string why, string model, params string[] cases) =>
        Of(id, clause, why, (expected, step) => Grant(expected, step, expected.Other(model)), cases);

    /// <summary>A request that the original failed over is granted as another one was, with these alternative names.</summary>
    public static DeliberateDifference GrantedWith(
        string id, string clause, string why, string model, string names, params string[] cases) => Of(
        id, clause, why,
        (expected, step) =>
        {
            Grant(expected, step, expected.Other(model));
            SetNames(step, JsonNode.Parse(names)!.AsArray());
        },
        cases);

    /// <summary>The certificate has these alternative names; none: it has no such extension.</summary>
    /// <param name="id">Names the difference.</param>
    /// <param name="clause">Of section 12.</param>
    /// <param name="why">One sentence.</param>
    /// <param name="names">The case, and the names as in the normal form.</param>
    public static DeliberateDifference Named(string id, string clause, string why, params (string Case, string Names)[] names)
    {
        Dictionary<string, string> byCase = names.ToDictionary(found => found.Case.Split('#')[0], found => found.Names);
        return Of(
            id, clause, why, (expected, step) => SetNames(step, JsonNode.Parse(byCase[expected.Name])!.AsArray()),
            [.. names.Select(found => found.Case)]);
    }

    /// <summary>Puts another case's granted request in place of a step.</summary>
    public static void Grant(ExpectedCase expected, ExpectedStep step, JsonObject model)
    {
        JsonNode granted = model["steps"]!.AsArray().Last(found => found!["outcome"]?["return"]?["CertificateInfo"] is not null)!;
        foreach (string part in (string[])["outcome", "db", "s3", "sns"])
        {
            step.Form[part] = granted[part]!.DeepClone();
        }

        expected.Certificates.Add(step.IssuedLabel!, model["certificates"]![step.IssuedLabel!]!.DeepClone());
    }

    /// <summary>Replaces the alternative names of the certificate that a step issued.</summary>
    public static void SetNames(ExpectedStep step, JsonArray names)
    {
        JsonObject? extension = step.Extension("subjectAltName");
        if (extension is null)
        {
            extension = new JsonObject { ["oid"] = "2.5.29.17", ["name"] = "subjectAltName", ["critical"] = false };
            step.Issued!["extensions"]!.AsArray().Add(extension);
        }

        extension["value"] = names;
        if (names.Count == 0)
        {
            extension.Parent!.AsArray().Remove(extension);
        }
    }

    private static ExpectedStep StepOf(ExpectedCase expected, int? number) =>
        expected.Steps.Last(step => number is null ? step.Form["outcome"] is not null : step.Form["step"]!.GetValue<int>() == number);
}
