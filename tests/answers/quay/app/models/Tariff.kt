package org.quay.tariff

import kotlin.math.max

/** What a day at the quay costs. */
abstract class Tariff(val name: String) {
    abstract fun perDay(metres: Int): Double

    open fun minimum(): Double = 25.0
}

/** Cheaper for those who stay. */
class SeasonTariff(private val days: Int) : Tariff("season") {
    override fun perDay(metres: Int): Double = max(minimum(), metres * 1.5 / days)
}
