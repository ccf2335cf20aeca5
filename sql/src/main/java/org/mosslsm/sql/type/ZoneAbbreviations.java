// Time zones by abbreviation.
package org.mosslsm.sql.type;

import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The abbreviations that PostgreSQL knows by default. Most are a distance from UTC, whatever the season; some, whose
 * meaning changed over the years, are what clocks of a place showed then. Thread-safe.
 */
final class ZoneAbbreviations {
    /** A distance from UTC or the name of a zone, then what stands for it. */
    private static final String TABLE = """
            -10:00 hst taht
            -09:30 mart
            -09:00 akst gamt
            -08:00 akdt pst
            -07:00 mst pdt
            -06:00 cst galt mdt
            -05:00 act cdt cot est pet
            -04:00 amt ast bot edt
            -03:30 nft nst
            -03:00 adt bra brt clst gft pmst pyst uyt wgt
            -02:30 ndt
            -02:00 brst fnt pmdt uyst wgst
            -01:00 azot egt fnst
            +00:00 azost egst gmt uct ut utc wet z zulu
            +01:00 bst cet met mez wat wetdst
            +02:00 bdst cest cetdst eet ist mest mesz metdst sast
            +03:00 eat eest eetdst fet idt
            +03:30 irt
            +04:00 msd mut ret sct
            +04:30 aft
            +05:00 must mvt pkt tft tjt uzt
            +05:45 npt
            +06:00 almt bdt btt kgst pkst uzst xjt yekst
            +06:30 mmt
            +07:00 almst cxt ict wast
            +08:00 awst bnt bort cct hkt myt pht wadt
            +08:45 acwst
            +09:00 awsst jayt jst kst pwt ulast wdt
            +09:30 acst cast
            +10:00 aest chut ddut kdt ligt mpt pgt trut yapt
            +10:30 acdt acsst cadt lhst sadt
            +11:00 aedt aesst pont vut
            +12:00 fjt gilt mht nzst nzt tvt wakt wft
            +12:45 chast
            +13:00 fjst nzdt tot
            +13:45 chadt
            America/Argentina/Buenos_Aires arst art
            America/Asuncion pyt
            America/Caracas vet
            America/Guyana gyt
            America/Santiago clt
            Antarctica/Davis davt
            Antarctica/Mawson mawt
            Asia/Anadyr anast anat
            Asia/Ashgabat tmt
            Asia/Baku azst azt
            Asia/Bishkek kgt
            Asia/Colombo lkt
            Asia/Irkutsk irkst irkt
            Asia/Kamchatka petst pett
            Asia/Krasnoyarsk krast krat
            Asia/Magadan magst magt
            Asia/Novosibirsk novst novt
            Asia/Omsk omsst omst
            Asia/Singapore sgt
            Asia/Tbilisi gest get
            Asia/Ulaanbaatar ulat
            Asia/Vladivostok vlast vlat
            Asia/Yakutsk yakst yakt
            Asia/Yekaterinburg yekt
            Asia/Yerevan amst
            Atlantic/Stanley fkst fkt
            Australia/Lord_Howe lhdt
            Europe/Moscow msk
            Europe/Volgograd volt
            Indian/Chagos iot
            Pacific/Easter easst east
            Pacific/Fakaofo tkt
            Pacific/Kiritimati lint
            Pacific/Kosrae kost
            Pacific/Niue nut
            Pacific/Rarotonga ckt
            """;

    private static final Map<String, String> ZONES = new HashMap<>();

    static {
        TABLE.lines().forEach(line -> {
            String[] words = line.split(" ", -1);
            for (int i = 1; i < words.length; i++) {
                ZONES.put(words[i], words[0]);
            }
        });
    }

    private ZoneAbbreviations() {}

    /** What the abbreviation stands for, its letters large or small; empty where it is none. */
    static Optional<ZoneId> find(String name) {
        return Optional.ofNullable(ZONES.get(Words.lower(name))).map(ZoneId::of);
    }
}
