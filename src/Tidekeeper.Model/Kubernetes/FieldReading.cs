using System.Text.Json;

namespace Tidekeeper.Model.Kubernetes;

/// <summary>
/// Forgiving reads of a field by its path: what is absent, null or of another type reads as nothing. The API server
/// has checked built-in objects already, and a field that we cannot read must not stop the operator.
/// </summary>
internal static class FieldReading
{
    public static JsonElement At(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static JsonElement At(this JsonElement element, string first, string second) =>
        element.At(first).At(second);

    public static string Text(this JsonElement element, string name) => element.At(name).AsText();

    public static string AsText(this JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? SharedText.Of(element.GetString() ?? "") : "";

    public static int Number(this JsonElement element, string name) => (int)element.LongNumber(name);

    public static long LongNumber(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : 0;

    public static bool Flag(this JsonElement element, string name) =>
        element.At(name).ValueKind == JsonValueKind.True;

    public static DateTimeOffset? Time(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.String } value && value.TryGetDateTimeOffset(out var time)
            ? time
            : null;

    public static JsonElement.ArrayEnumerator Items(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray() : default;

    public static JsonElement.ObjectEnumerator Entries(this JsonElement element, string name) =>
        element.At(name) is { ValueKind: JsonValueKind.Object } map ? map.EnumerateObject() : default;

    /// <summary>The bytes of a quantity, 0 when there is none or it cannot be read.</summary>
    public static long Bytes(this JsonElement element, string name) =>
        Quantity.TryParse(element.At(name), out var quantity) ? quantity.ToInt64() : 0;

    /// <summary>The condition of that type, or an undefined element.</summary>
    public static JsonElement Condition(this JsonElement status, string type)
    {
        foreach (var condition in status.Items("conditions"))
        {
            if (condition.Text("type") == type) return condition;
        }

        return default;
    }
}
