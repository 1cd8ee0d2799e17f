using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using ServerlessCA.Conformance.Der;

namespace ServerlessCA.Conformance.Normalising;

/// <summary>Describes a CRL field by field, without what is random in it.</summary>
internal static class CrlForm
{
    public static JsonObject Of(Labelled<CrlDer> labelled, Describer describer)
    {
        CrlDer crl = labelled.Value;
        BigInteger[] serials = [.. (crl.Revoked ?? []).Select(entry => entry.Serial)];
        JsonArray extensions = describer.Extensions(crl.Extensions);
        JsonObject form = new() { ["version"] = crl.Version };
        foreach (KeyValuePair<string, JsonNode?> field in
            describer.Signature(crl.Frame, crl.InnerAlgorithm).Concat(describer.Issuer(crl.Issuer)))
        {
            form.Add(field);
        }

        form["number"] = extensions.FirstOrDefault(found => found!["oid"]!.GetValue<string>() == ExtensionForm.CrlNumber)?["value"]?.DeepClone();
        form["this_update_offset_s"] = labelled.FirstSeen.SecondsUntil(crl.ThisUpdate.At);
        form["next_update_offset_s"] = crl.NextUpdate is { } next ? labelled.FirstSeen.SecondsUntil(next.At) : null;
        form["time_types"] = Describer.Strings(crl.NextUpdate is { } last ? [crl.ThisUpdate.Type, last.Type] : [crl.ThisUpdate.Type]);
        form["revoked_list_present"] = crl.Revoked is not null;
        form["revoked_in_order_of_serial"] = serials.SequenceEqual(serials.Order());
        // The order depends on random serial numbers, so entries are listed by name.
        JsonObject[] entries = [.. (crl.Revoked ?? []).Select(entry => Entry(entry, labelled.FirstSeen, describer))];
        form["revoked"] = new JsonArray([.. entries.OrderBy(entry => entry["serial"]!.GetValue<string>(), StringComparer.Ordinal)]);
        form["extensions"] = extensions;
        return form;
    }

    private static JsonObject Entry(CrlEntryDer entry, StepMoment firstSeen, Describer describer) => new()
    {
        ["serial"] = describer.NameSerials(entry.Serial.ToString(CultureInfo.InvariantCulture)),
        ["date_offset_s"] = firstSeen.SecondsUntil(entry.Date.At),
        ["time_type"] = entry.Date.Type,
        ["extensions"] = new JsonArray([.. entry.Extensions.Select(ExtensionForm.Of)]),
    };
}
